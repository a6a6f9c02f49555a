/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_NATS_LINK_H
#define SYS_BUS_NATS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/err.h>

/*
 * The connection to a NATS server and the stream of JetStream behind it. A thread of its own keeps
 * both: it connects, again and again; makes the stream if there is none; looks every
 * NATS_LINK_LOOK_S whether it still is the same one. libnats blocks in all of this, so the event
 * loop only asks for the result.
 */
#define NATS_LINK_LOOK_S 10
#define NATS_LINK_TEXT 240
#define NATS_LINK_PEER 128

struct nats_link;

/* All is borrowed for as long as the link lives. NULL: not given. */
struct nats_link_options {
	const char *name;    /* of this client, for people at the server */
	const char *url;     /* nats:// or tls:// */
	const char *stream;  /* its name */
	const char *subject; /* of a stream that is made, with wildcards; NULL: none is made */
	const char
		*confirmed; /* on which confirmations come (ship/format/confirmation.h), or NULL */
	const char *ca, *certificate, *key; /* PEM */
	const char *credentials;            /* text of a credentials file */
	int64_t duplicates_ns;              /* the least duplicate window */
	int64_t timeout_ns;                 /* of a request */
};

/* CONNECTING: nothing is known yet. */
enum nats_link_state { NATS_LINK_CONNECTING, NATS_LINK_READY, NATS_LINK_FAILED };

struct nats_link_news {
	enum nats_link_state state;
	char text[NATS_LINK_TEXT]; /* why it has failed, or a warning about the stream; "" */
	char peer[NATS_LINK_PEER]; /* which stream on which server, as last seen; "" */
	int64_t created;           /* when the stream was made, in ns since 1970; likewise 0 */
	uint64_t confirmed;        /* READY: its messages up to there are in a database; 0: none */
};

/* CHANGED is called from another thread when the news change. Returns 0 or a negative error. */
int nats_link_new(const struct nats_link_options *options, void (*changed)(void *self), void *self,
		  struct nats_link **ret_link, struct bw_err *err);

/*
 * Ends the thread and closes the connection. While libnats blocks (it connects, say) it waits a
 * moment only, leaves both to the end of the process, and returns false. Accepts NULL.
 */
bool nats_link_free(struct nats_link *link);

void nats_link_news(struct nats_link *link, struct nats_link_news *ret_news);

/*
 * The stream has acknowledged a message as this number. If it later has fewer messages, it has lost
 * some: `peer` becomes another one then.
 */
void nats_link_note(struct nats_link *link, uint64_t sequence);

/* The stream has lost what it acknowledged: looks at it, and makes `peer` another one. */
void nats_link_lose(struct nats_link *link);

/* Something is wrong with the stream: look at it now. */
void nats_link_check(struct nats_link *link);

/* The connection, for sys/bus; NULL until it was made once. Lives as long as the link. */
struct __natsConnection;
struct __natsConnection *nats_link_connection(struct nats_link *link);

#endif
