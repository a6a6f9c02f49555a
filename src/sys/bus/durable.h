/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_DURABLE_H
#define SYS_BUS_DURABLE_H

#include <nats/nats.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Private to sys/bus. The durable consumer of a stream, as the server keeps it: who pulls from it
 * shares its messages with all others that do. These functions block.
 */
#define DURABLE_BATCH 2000                             /* messages of a request, at most */
#define DURABLE_BYTES ((int64_t)8 << 20)               /* and their bytes, unless one has more */
#define DURABLE_ACK_WAIT_NS (30 * INT64_C(1000000000)) /* then a message is sent again */

#define DURABLE_TEXT 240

struct durable {
	int64_t created;   /* which one of this name it is */
	uint64_t floor;    /* all messages of the stream up to here are acknowledged */
	uint64_t waiting;  /* messages that have not been delivered yet */
	int64_t batch_max; /* what a request may ask for */
	int64_t bytes_max;
};

/* A message that was delivered: the last one that is known. SEQUENCE 0: none is. */
struct durable_mark {
	uint64_t sequence;
	uint64_t hash; /* of its bytes */
};

uint64_t durable_hash(const char *bytes, size_t length);

/*
 * Looks at the consumer NAME, and makes it if there is none. One that is ahead of its stream, which
 * has lost messages that it has delivered, would leave out those that get their numbers: it is
 * made anew, and everything is delivered again. MARK: what was delivered before. TEXT says what is
 * wrong with one that does not fit: it must be pulled from, and each message acknowledged. Returns
 * NATS_OK or an error (NATS_INVALID_ARG: it does not fit).
 */
natsStatus durable_open(jsCtx *js, const char *stream, const char *name,
			const struct durable_mark *mark, struct durable *ret_durable,
			char text[DURABLE_TEXT]);

/* Looks at it. */
natsStatus durable_look(jsCtx *js, const char *stream, const char *name,
			struct durable *ret_durable);

#endif
