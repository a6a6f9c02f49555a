/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_PULL_H
#define SYS_BUS_PULL_H

#include <blockwatch/time.h>

#include "sys/bus/stream_batch.h"

/*
 * Private to sys/bus. Pulls messages from a durable consumer: one request at a time, whose messages
 * come from a thread of libnats and fill a batch. A request asks for as many messages as the
 * batch has room for, so that no more come than can be held.
 */
struct pull;

#define PULL_TEXT 240

struct pull_state {
	size_t count;          /* messages that have come */
	struct bw_mono since;  /* the first of them */
	bool asked;            /* a request is open */
	bool gone;             /* the consumer or its stream is not there any more */
	char error[PULL_TEXT]; /* why the server has refused the last request; "" */
};

/* CHANGED is called from another thread when the state changes. Returns 0 or -ENOMEM. */
int pull_new(void (*changed)(void *self), void *self, struct pull **ret_pull);

/* The connection is closed. Accepts NULL. */
void pull_free(struct pull *pull);

/* Begins with a consumer; what has come of another one is thrown away. */
natsStatus pull_open(struct pull *pull, natsConnection *connection, const char *stream,
		     const char *durable, const struct durable *limits);

/* Ends with it. */
void pull_close(struct pull *pull);

/* Asks for messages, if no request is open and nothing has come. NOW: of the loop's clock. */
natsStatus pull_ask(struct pull *pull, struct bw_mono now);

/* The state at NOW: a request to which nothing comes is over after a while. */
void pull_look(struct pull *pull, struct bw_mono now, struct pull_state *ret_state);

/* Exchanges the messages that have come for an empty batch. Returns the full one. */
struct stream_batch *pull_take(struct pull *pull, struct stream_batch *empty);

#endif
