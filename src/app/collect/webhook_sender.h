/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_WEBHOOK_SENDER_H
#define APP_COLLECT_WEBHOOK_SENDER_H

#include "app/collect/collect_config.h"
#include "collect/collector.h"
#include "sys/loop/loop.h"

/*
 * Brings the messages of the collector's webhooks to their receivers: a POST over HTTP, or the
 * standard input of a command. Each has its own order and pace; nothing here waits.
 */
struct webhook_senders;

#define WEBHOOK_TIMEOUT_NS (30 * BW_S) /* a receiver that is silent for so long */
#define WEBHOOK_COMMAND_NS (60 * BW_S) /* a command that runs for longer is killed */
#define WEBHOOK_SENDING_MAX 6          /* at once: descriptors of the loop are few */

/*
 * COLLECTOR has the webhooks of CONFIG; both must outlive it, as must LOOP. Returns 0, -ENOMEM,
 * BW_ERR_VALUE for an address that cannot be used, or BW_ERR_INTERNAL, with a message.
 */
int webhook_senders_new(const struct collect_config *config, struct collector *collector,
			struct loop *loop, struct webhook_senders **ret_senders,
			struct bw_err *err);

/*
 * Begins nothing new from now on. Returns whether something is under way, whose answer is worth
 * to be waited for: without it the message is sent again after the next start.
 */
bool webhook_senders_end(struct webhook_senders *senders);

/* Gives up what is under way. Accepts NULL. */
void webhook_senders_free(struct webhook_senders *senders);

/* To be called in each wake. Returns when it wants to be called again. */
struct bw_mono webhook_senders_wake(struct webhook_senders *senders, struct bw_now now);

#endif
