/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_SERVER_H
#define SYS_HTTP_HTTP_SERVER_H

#include <stdbool.h>

#include "sys/http/http_source.h"
#include "sys/http/unpack_body.h"
#include "sys/loop/loop.h"

/*
 * An HTTP/1.1 server in the loop: libmicrohttpd without a thread of its own. A request is
 * handed to its owner whole, with its body unpacked, and answered before the call returns, or
 * turned into a stream that stays open (server-sent events).
 *
 * A client may be hostile: bodies, connections and time are limited. What is refused is read and
 * thrown away, so that the client sees the answer. A body that is much too large (http_body.h)
 * closes the connection instead.
 */
struct http_server;

struct http_request {
	const char *method, *path;
	const char *text; /* the unpacked body, with a terminator; "" for none */
	size_t length;
	void *connection; /* private */
};

/* A header field of the request, by any case of its name; NULL: it is not there. */
const char *http_request_header(const struct http_request *request, const char *name);

/* A parameter of the query; NULL: it is not there, or has no value. */
const char *http_request_query(const struct http_request *request, const char *name);

#define HTTP_FIELDS_MAX 8

#define HTTP_VALUE_MAX 1024

/* What is answered. TYPE and names of fields are literals; values are copied. */
struct http_answer {
	unsigned status;
	const char *type; /* of the content, "application/json" say; NULL: no body */
	char *body;       /* owned: freed with free() when it has been sent; NULL: empty */
	size_t length;
	struct http_source source; /* in place of BODY, if it has a READ; owned */
	struct {
		const char *name;
		char value[HTTP_VALUE_MAX];
	} fields[HTTP_FIELDS_MAX];
	size_t field_count;
	bool streams; /* the body is the beginning of a stream; see http_server_send() */
};

void http_answer_field(struct http_answer *answer, const char *name, const char *value);

struct http_server_ops {
	/*
	 * The head of a request has come, and a body follows. Returns 0 to go on, or the status
	 * with which it is refused: the body is then not kept, and on_request is called without.
	 */
	unsigned (*on_head)(void *self, const struct http_request *request);

	/*
	 * A request is complete. REFUSED is 0, or the status that its body deserves: 400 (cannot
	 * be unpacked), 413 (too large), 415 (its coding is not known), 429 (no room for it now),
	 * or what on_head returned. ANSWER is zero bytes.
	 */
	void (*on_request)(void *self, const struct http_request *request, unsigned refused,
			   struct http_answer *answer);
};

struct http_server_options {
	const char *address;           /* "127.0.0.1:8080", "[::1]:0" */
	const char *certificate, *key; /* PEM, the texts; NULL: without TLS */
	const char *const *once;       /* as in struct http_head */
	struct unpack_body_limits limits;
	size_t bodies; /* bytes of all bodies together, before 429 is answered */
	unsigned connections, idle_s;
	size_t streams; /* that are open at once; more are answered 503 */
};

/*
 * Listens. Returns 0; BW_ERR_VALUE for an address of another form; BW_ERR_UNAVAILABLE when it
 * cannot listen there; with a message.
 */
int http_server_new(const struct http_server_options *options, const struct http_server_ops *ops,
		    void *self, struct loop *loop, struct http_server **ret_server,
		    struct bw_err *err);

/* The port that it listens on, for an address with port 0. */
unsigned http_server_port(const struct http_server *server);

/* To be called in each wake; returns when it wants to be called again. */
struct bw_mono http_server_wake(struct http_server *server, struct bw_now now);

/*
 * Sends this to all open streams. One whose reader is too slow is closed: it can come again and
 * resume.
 */
void http_server_send(struct http_server *server, const char *text);

/* Closes all connections, streams too. Accepts NULL. */
void http_server_free(struct http_server *server);

#endif
