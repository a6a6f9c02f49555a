/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_STREAM_SESSION_H
#define SYS_BUS_STREAM_SESSION_H

#include "sys/bus/confirmations.h"
#include "sys/bus/nats_link.h"
#include "sys/bus/pull.h"

/*
 * Private to sys/bus. The time with one durable consumer on one connection: what is asked of it,
 * acknowledged to it, and confirmed to vantages. It is used by one thread, and blocks.
 */
#define STREAM_SESSION_GONE "the consumer is gone"

struct stream_session {
	const struct nats_link_options *link;
	const char *consumer; /* its name */
	struct pull *pull;
	bool open;
	char peer[NATS_LINK_PEER]; /* which stream on which server */
	int64_t created;           /* the stream */
	natsConnection *connection;
	jsCtx *js;
	struct durable durable;   /* as last seen */
	struct durable_mark mark; /* the last message, also of earlier sessions of this stream */
	struct bw_mono looked;
	struct confirmations confirmations;
};

/* Returns true, or false with the reason in TEXT; then it is closed. LINK: news of a good link. */
bool stream_session_open(struct stream_session *session, natsConnection *connection,
			 const struct nats_link_news *link, struct bw_mono now,
			 char text[NATS_LINK_TEXT]);

/* What has come and was not handed on is thrown away: it comes again. */
void stream_session_close(struct stream_session *session);

/* Acknowledges a batch of this session. */
void stream_session_settle(struct stream_session *session, const struct stream_batch *batch);

/* When the consumer is to be looked at next. */
struct bw_mono stream_session_look_at(const struct stream_session *session);

/* Looks at it, and confirms what is stored. Returns false with the reason in TEXT. */
bool stream_session_look(struct stream_session *session, struct bw_mono now,
			 char text[NATS_LINK_TEXT]);

#endif
