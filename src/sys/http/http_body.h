/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_BODY_H
#define SYS_HTTP_HTTP_BODY_H

#include <stdint.h>

#include "sys/http/unpack_body.h"

/*
 * Private to sys/http: the body of one request as it comes in, and why it is refused. What is
 * refused is read and thrown away, so that the client sees the answer, but no body is read
 * further than HTTP_BODY_SLACK beyond the limit of a packed one.
 */
#define HTTP_BODY_SLACK ((size_t)4 << 20)

/* What the bodies of all requests have in common. */
struct http_bodies {
	struct unpack_body_limits limits; /* of each */
	size_t most;                      /* bytes of all in memory, before 429 */
	size_t held;                      /* bytes in memory */
};

/* From zero bytes on: no body. */
struct http_body {
	struct unpack_body unpacked;
	unsigned refused; /* status; 0: not refused */
	bool is_there;
	size_t held, sent; /* bytes that count for the bodies; that came, thrown away or not */
};

/*
 * It begins, with the value of Content-Encoding (NULL: none) and that of Content-Length
 * (UINT64_MAX: none). REFUSED: the status with which the owner refuses it, or 0.
 */
void http_body_begin(struct http_body *body, struct http_bodies *bodies, unsigned refused,
		     const char *coding, uint64_t length);

/* Whether the rest of a body of LENGTH bytes that is refused is more than is read of it. */
bool http_body_is_endless(const struct http_body *body, const struct http_bodies *bodies,
			  uint64_t length);

/* Adds a piece. Returns false if no more is read: the connection is to be closed. */
bool http_body_add(struct http_body *body, struct http_bodies *bodies, const char *bytes,
		   size_t length);

/* Nothing follows: body->refused is final then, and the text has a terminator. */
void http_body_end(struct http_body *body);

/* Frees the memory. Accepts one of zero bytes, and one that was dropped. */
void http_body_drop(struct http_body *body, struct http_bodies *bodies);

#endif
