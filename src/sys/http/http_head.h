/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_HEAD_H
#define SYS_HTTP_HTTP_HEAD_H

#include <stdbool.h>

#include <microhttpd.h>

/*
 * What libmicrohttpd takes although it is wrong. A server in front that reads such a head in
 * another way would take a part of the body for a request of its own, or another path than we do.
 */

/*
 * Whether the URI of a request, as libmicrohttpd has it in the request line, has a NUL, encoded or
 * not: what is behind it would be lost.
 */
bool http_head_has_nul(const char *uri);

/* Why the head of a request is refused with 400; NULL: it is right. */
const char *http_head_fault(struct MHD_Connection *connection);

/* Answers so. The connection ends then: where its next request begins is not certain. */
enum MHD_Result http_head_refuse(struct MHD_Connection *connection, const char *fault);

/* Whether a body follows the head. */
bool http_head_has_body(struct MHD_Connection *connection);

#endif
