/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_CLIENT_H
#define SYS_HTTP_HTTP_CLIENT_H

#include "sys/loop/loop.h"

/*
 * HTTP transfers on the event loop: libcurl's multi interface, whose descriptors the loop watches.
 * The owner of the loop calls http_wake() when http_deadline() has come. The requests are those of
 * sys/http/http_post.h.
 */
struct http;

/* LOOP must outlive it. Returns 0, -ENOMEM or BW_ERR_INTERNAL, with a message. */
int http_new(struct loop *loop, struct http **ret_http, struct bw_err *err);

/* All transfers have been removed. Accepts NULL. */
void http_free(struct http *http);

struct bw_mono http_deadline(const struct http *http);
void http_wake(struct http *http, struct bw_now now);

#endif
