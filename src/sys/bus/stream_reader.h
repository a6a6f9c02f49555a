/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_STREAM_READER_H
#define SYS_BUS_STREAM_READER_H

#include "sys/bus/nats_link.h"
#include "sys/bus/stream_message.h"
#include "sys/loop/loop.h"

/*
 * Messages out of a stream of JetStream, by a durable consumer that other readers may share. A
 * thread of its own pulls them; the event loop takes one batch at a time. A message is
 * acknowledged when it was taken, and comes again when it was not: also after a crash. What is
 * stored is confirmed to the vantages whose records they are (ship/format/confirmation.h).
 */
struct stream_reader;

/* All is borrowed. The stream is not made: LINK has no subject. */
struct stream_reader_options {
	struct nats_link_options link;
	const char *durable; /* the name of the consumer; it is made if there is none */
};

/*
 * Messages have come: sets `refused` of those that are of no use. Returns false if they cannot be
 * stored now; then the same ones come again after a while. Called from the event loop.
 */
typedef bool (*stream_reader_take)(void *self, struct stream_message *messages, size_t count,
				   struct bw_now now);

/* Returns 0 or an error with a message. */
int stream_reader_new(struct loop *loop, const struct stream_reader_options *options,
		      stream_reader_take take, void *self, struct stream_reader **ret_reader,
		      struct bw_err *err);

/*
 * Acknowledges what was taken and closes the connection. Returns false when a thread still
 * blocks and uses the options until the process ends. Accepts NULL.
 */
bool stream_reader_free(struct stream_reader *reader);

struct stream_reader_news {
	bool ready;
	char text[NATS_LINK_TEXT]; /* why not; "" */
	uint64_t waiting;          /* messages that have not been delivered, as last seen */
};

void stream_reader_news(struct stream_reader *reader, struct stream_reader_news *ret_news);

/* Takes what has come. Returns when it wants to be called again. */
struct bw_mono stream_reader_wake(struct stream_reader *reader, struct bw_now now);

#endif
