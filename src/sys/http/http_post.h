/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_POST_H
#define SYS_HTTP_HTTP_POST_H

#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/time.h>

#include "ship/format/answer.h"

/*
 * POST requests to one receiver, one after the other, over a connection that is
 * kept. All certificates are checked. Limits: HTTP_POST_CONNECT_S for connection and TLS,
 * `timeout_ns` without progress (the receiver reads nothing, or is silent), HTTP_POST_MOST times
 * that for all of it, `answer_max` bytes of an answer.
 */
#define HTTP_POST_CONNECT_S 15
#define HTTP_POST_MOST 10

struct http;

struct http_bytes {
	const char *bytes; /* NULL: none */
	size_t length;
};

/* All is borrowed and must outlive the requests. */
struct http_peer {
	const char *url;
	const char *token; /* of "Authorization: Bearer", or NULL */
	const char *proxy; /* or NULL: as the environment says */
	const char *content_type;
	const char *const *headers; /* "Name: value", NULL at the end; or NULL */
	/* PEM: instead of the system's authorities; of this client */
	struct http_bytes ca, certificate, key;
	int64_t timeout_ns;
	size_t answer_max;
};

struct http_post_body {
	const char *bytes; /* borrowed until the answer */
	size_t length;
	const char *encoding;       /* Content-Encoding, or NULL */
	const char *key;            /* Idempotency-Key, or NULL */
	const char *const *headers; /* beside those of the peer, in their form; or NULL */
};

struct http_post_result {
	struct answer answer;
	bool has_offset;
	double offset_s; /* the clock of the receiver (Date) minus ours, within half a second */
};

struct http_post;

/* RESULT and what it points to are borrowed for the call. */
typedef void (*http_post_done)(void *self, const struct http_post_result *result);

/* Returns 0, -ENOMEM, or BW_ERR_VALUE for an address that cannot be used, with a message. */
int http_post_new(struct http *http, const struct http_peer *peer, http_post_done done, void *self,
		  struct http_post **ret_post, struct bw_err *err);

/* Gives up a request that is under way. Accepts NULL. */
void http_post_free(struct http_post *post);

/* Sends a request; none may be under way. Returns 0, -ENOMEM or BW_ERR_INTERNAL. */
int http_post_send(struct http_post *post, const struct http_post_body *body);

/* Gives up the request that is under way, if any; DONE is not called. */
void http_post_cancel(struct http_post *post);

#endif
