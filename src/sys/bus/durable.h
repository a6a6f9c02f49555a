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

struct durable {
	int64_t created;   /* which one of this name it is */
	uint64_t floor;    /* all messages of the stream up to here are acknowledged */
	uint64_t waiting;  /* messages that have not been delivered yet */
	int64_t batch_max; /* what a request may ask for */
	int64_t bytes_max;
};

/*
 * Looks at the consumer NAME, and makes it if there is none. TEXT says what is wrong with one that
 * does not fit: it must be pulled from, and each message acknowledged. Returns NATS_OK or an error
 * (NATS_INVALID_ARG: it does not fit).
 */
natsStatus durable_open(jsCtx *js, const char *stream, const char *name,
			struct durable *ret_durable, char *text, size_t size);

/* Looks at it. */
natsStatus durable_look(jsCtx *js, const char *stream, const char *name,
			struct durable *ret_durable);

#endif
