/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_STREAM_H
#define SYS_HTTP_HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Private to sys/http: the body of an answer that never ends. Between two pieces its connection
 * is suspended.
 */
struct http_stream;
struct MHD_Connection;
struct MHD_Response;

#define HTTP_STREAM_MAX ((size_t)8 << 20) /* bytes that wait for a slow reader */

/* NULL: out of memory. */
struct http_stream *http_stream_new(struct MHD_Connection *connection);

/* The response that reads from it; NULL: out of memory. */
struct MHD_Response *http_stream_response(struct http_stream *stream);

/* Sends more; with too much waiting the stream ends instead. */
void http_stream_send(struct http_stream *stream, const char *bytes, size_t length);

/* Its connection is closed in the next turn. */
void http_stream_end(struct http_stream *stream);

void http_stream_free(struct http_stream *stream);

#endif
