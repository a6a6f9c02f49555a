/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_SOURCE_H
#define SYS_HTTP_HTTP_SOURCE_H

#include <sys/types.h>

struct MHD_Response;

/* A body that is made while it is sent: its length is not known before. */
struct http_source {
	/*
	 * Called when the client can take more. Writes up to SIZE bytes. Returns how many, 0 at the
	 * end, or -1: the connection is closed in the middle of the answer.
	 */
	ssize_t (*read)(void *self, char *buffer, size_t size);
	void (*free)(void *self); /* once, also after an error */
	void *self;
};

/* The response that reads it. Takes the source over. NULL: out of memory. */
struct MHD_Response *http_source_response(const struct http_source *source);

#endif
