/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_OUTLETS_H
#define APP_SHIP_OUTLETS_H

#include "app/ship/carrier.h"
#include "conf/run/run.h"
#include "sys/loop/loop.h"

/*
 * The receivers of all network sinks: what is read of them before root is given up, and the
 * carriers that are opened to them afterwards.
 */
struct outlets;

#define OUTLETS_REPLAY_NS (600 * BW_S) /* the replay window */

/* Reads tokens, certificates, keys. CONF and PASSED are borrowed. Returns 0 or as secret_read(). */
int outlets_new(const struct conf_run *conf, const struct options_texts *passed,
		struct outlets **ret_outlets, struct bw_err *err);

/* All carriers have been freed. Accepts NULL. */
void outlets_free(struct outlets *outlets);

/* Starts the libraries; no thread has been started before. Returns 0 or an error with a message. */
int outlets_start(struct outlets *outlets, struct loop *loop, struct bw_err *err);

/* How many network sinks; their configuration, from 0. */
size_t outlets_count(const struct outlets *outlets);
const struct conf_run_sink *outlets_conf(const struct outlets *outlets, size_t n);

/* A carrier to the receiver of sink N. Returns 0 or an error with a message. */
int outlets_open(struct outlets *outlets, size_t n, carrier_done done, void *self,
		 struct carrier *ret_carrier, struct bw_err *err);

/*
 * Which stream the receiver of sink N is, if it is one and that is known; else "". When it changes,
 * what was not stored yet must be sent again. Returns up to which of its messages a collector
 * has confirmed that they are stored; 0: none.
 */
uint64_t outlets_peer(struct outlets *outlets, size_t n, char *peer, size_t size);

struct bw_mono outlets_deadline(const struct outlets *outlets);
void outlets_wake(struct outlets *outlets, struct bw_now now);

#endif
