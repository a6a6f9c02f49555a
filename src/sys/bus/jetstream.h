/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_JETSTREAM_H
#define SYS_BUS_JETSTREAM_H

#include "ship/format/answer.h"
#include "sys/bus/nats_link.h"
#include "sys/loop/loop.h"

/*
 * Records into a stream of JetStream: each is published under its subject with its id
 * (Nats-Msg-Id VANTAGE-BOOT-SEQ), many at once, and is stored when the server acknowledges it.
 * libnats has threads of its own; what they say comes to the event loop through a descriptor.
 */
struct jetstream;

/* All is borrowed. TEMPLATE: of the subjects. Returns 0 or an error with a message. */
int jetstream_new(struct loop *loop, const struct nats_link_options *options, const char *template,
		  struct jetstream **ret_jetstream, struct bw_err *err);

/*
 * All lanes have been freed. Returns false when a thread still blocks and uses the options until
 * the process ends. Accepts NULL.
 */
bool jetstream_free(struct jetstream *jetstream);

void jetstream_news(struct jetstream *jetstream, struct nats_link_news *ret_news);

struct bw_mono jetstream_deadline(const struct jetstream *jetstream);
void jetstream_wake(struct jetstream *jetstream, struct bw_now now);

/*
 * A lane sends one batch at a time. DONE hears what became of it, from jetstream_wake() and from
 * the event loop.
 */
struct jetstream_lane;
typedef void (*jetstream_done)(void *self, struct answer_verdict *verdict);

#define JETSTREAM_LANES 2 /* of a jetstream, at most */
int jetstream_lane_new(struct jetstream *jetstream, jetstream_done done, void *self,
		       struct jetstream_lane **ret_lane);
void jetstream_lane_free(struct jetstream_lane *lane);

/* ITEMS: room for an enum answer_item of each line, until DONE. */
void jetstream_lane_send(struct jetstream_lane *lane, const struct batch_slice *slice,
			 uint8_t *items);
void jetstream_lane_cancel(struct jetstream_lane *lane);

#endif
