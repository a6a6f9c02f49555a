/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_STREAM_BATCH_H
#define SYS_BUS_STREAM_BATCH_H

#include <nats/nats.h>

#include "sys/bus/durable.h"
#include "sys/bus/stream_message.h"

/* Private to sys/bus. Messages that were delivered and are not acknowledged yet. */
struct stream_batch {
	struct stream_message list[DURABLE_BATCH]; /* borrows from `messages` */
	natsMsg *messages[DURABLE_BATCH];          /* owned */
	size_t count;
};

/* NULL: out of memory. */
struct stream_batch *stream_batch_new(void);
void stream_batch_free(struct stream_batch *batch);

/* Takes MSG over. Returns false for one that is no message of a stream, or without room. */
bool stream_batch_add(struct stream_batch *batch, natsMsg *msg);

/* Acknowledges each by what became of it. */
void stream_batch_acknowledge(const struct stream_batch *batch, natsConnection *connection);

void stream_batch_clear(struct stream_batch *batch);

#endif
