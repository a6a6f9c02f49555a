/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_HEAD_H
#define SYS_HTTP_HTTP_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include <microhttpd.h>

/*
 * What libmicrohttpd takes although it is wrong. A server in front that reads such a head in
 * another way would take a part of the body for a request of its own, or another path or sender
 * than we do.
 */

/* What is known of a request when its head is complete. The texts are those of libmicrohttpd. */
struct http_head {
	struct MHD_Connection *connection;
	const char *method, *path, *version;
	const char *const *once; /* names of fields that may come once, and NULL; NULL: none */
};

/*
 * Why a request is refused with 400 for its URI, as libmicrohttpd has it in the request line: it
 * has a blank, or a NUL, encoded or not, behind which everything would be lost. NULL: it is right.
 */
const char *http_head_uri_fault(const char *uri);

/*
 * Why a head is refused with 400; NULL: it is right. Each line ends with CR LF and is a name, a
 * colon and a value without control characters. The fields that tell where the body ends come
 * once, as do those of HEAD.once; Transfer-Encoding is "chunked".
 */
const char *http_head_fault(const struct http_head *head);

/*
 * Answers 400 for this reason, before the body is read. The connection ends then: where its next
 * request begins is not certain.
 */
enum MHD_Result http_head_refuse(struct MHD_Connection *connection, const char *fault);

/* Whether a body follows a head that is right. */
bool http_head_has_body(struct MHD_Connection *connection);

/* How many bytes it has; UINT64_MAX: that is not known at the head. */
uint64_t http_head_length(struct MHD_Connection *connection);

/* Whether the client waits for a word before it sends the body ("Expect: 100-continue"). */
bool http_head_waits(struct MHD_Connection *connection);

#endif
