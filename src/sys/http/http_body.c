/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/http_body.h"

#include <microhttpd.h>

static unsigned status_of(int result)
{
	switch (result) {
	case 0:
		return 0;
	case BW_ERR_SYNTAX:
		return MHD_HTTP_BAD_REQUEST;
	case BW_ERR_LIMIT:
		return MHD_HTTP_CONTENT_TOO_LARGE;
	default:
		return MHD_HTTP_TOO_MANY_REQUESTS;
	}
}

/* What counts for the bodies follows the memory that this one has. */
static void hold(struct http_body *body, struct http_bodies *bodies, size_t size)
{
	bodies->held += size - body->held;
	body->held = size;
}

void http_body_drop(struct http_body *body, struct http_bodies *bodies)
{
	unpack_body_fini(&body->unpacked);
	hold(body, bodies, 0);
}

static void refuse(struct http_body *body, struct http_bodies *bodies, unsigned status)
{
	http_body_drop(body, bodies);
	body->refused = status;
}

void http_body_begin(struct http_body *body, struct http_bodies *bodies, unsigned refused,
		     const char *coding, uint64_t length)
{
	enum unpack_body_coding code;

	*body = (struct http_body){.is_there = true, .refused = refused};
	if (refused != 0)
		return;
	if (unpack_body_coding(coding, &code) < 0)
		refuse(body, bodies, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE);
	else if (length != UINT64_MAX && length > bodies->limits.packed)
		refuse(body, bodies, MHD_HTTP_CONTENT_TOO_LARGE);
	else if (bodies->held >= bodies->most ||
		 unpack_body_init(&body->unpacked, code, &bodies->limits) < 0)
		refuse(body, bodies, MHD_HTTP_TOO_MANY_REQUESTS);
}

static size_t read_max(const struct http_bodies *bodies)
{
	return bodies->limits.packed + HTTP_BODY_SLACK;
}

bool http_body_is_endless(const struct http_body *body, const struct http_bodies *bodies,
			  uint64_t length)
{
	return body->refused != 0 && length != UINT64_MAX && length > read_max(bodies);
}

bool http_body_add(struct http_body *body, struct http_bodies *bodies, const char *bytes,
		   size_t length)
{
	int result;

	if (length > read_max(bodies) - body->sent)
		return false;
	body->sent += length;
	if (body->refused != 0)
		return true;
	result = unpack_body_add(&body->unpacked, bytes, length);
	hold(body, bodies, body->unpacked.room);
	if (result < 0)
		refuse(body, bodies, status_of(result));
	else if (bodies->held > bodies->most)
		refuse(body, bodies, MHD_HTTP_TOO_MANY_REQUESTS);
	return true;
}

void http_body_end(struct http_body *body)
{
	if (body->refused == 0 && body->is_there)
		body->refused = status_of(unpack_body_end(&body->unpacked));
	if (body->unpacked.text)
		body->unpacked.text[body->unpacked.length] = '\0';
}
