/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_STREAM_H
#define SYS_HTTP_HTTP_STREAM_H

#include "sys/http/http_server.h"

/*
 * Private to sys/http: the body of an answer that never ends. Between two pieces its connection
 * is suspended. http_server.h has what its owner calls.
 */
struct MHD_Connection;
struct MHD_Response;

/* NULL: out of memory. */
struct http_stream *http_stream_new(void);

/* The response that reads from it; NULL: out of memory. */
struct MHD_Response *http_stream_response(struct http_stream *stream);

/* The connection that is resumed when there is more. */
void http_stream_bind(struct http_stream *stream, struct MHD_Connection *connection);

void http_stream_free(struct http_stream *stream);

#endif
