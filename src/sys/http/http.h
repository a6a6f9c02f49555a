/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_H
#define SYS_HTTP_HTTP_H

#include <curl/curl.h>

#include "sys/loop/loop.h"

/*
 * HTTP transfers on the event loop: libcurl's multi interface, whose descriptors the loop watches.
 * The owner of the loop calls http_wake() when http_deadline() has come. Include this file in
 * sys/http only; others use sys/http/http_post.h.
 */
struct http;

/* LOOP must outlive it. Returns 0 or -ENOMEM, or BW_ERR_INTERNAL, with a message. */
int http_new(struct loop *loop, struct http **ret_http, struct bw_err *err);

/* All transfers have been removed. Accepts NULL. */
void http_free(struct http *http);

struct bw_mono http_deadline(const struct http *http);
void http_wake(struct http *http, struct bw_now now);

/*
 * One transfer; it is part of the caller's struct. DONE is called once it has ended, never from
 * within http_add() or http_remove(); the transfer has been removed before that.
 */
struct http_transfer {
	CURL *easy;
	void (*done)(struct http_transfer *transfer, CURLcode result);
};

/* Starts it. Returns 0 or BW_ERR_INTERNAL. */
int http_add(struct http *http, struct http_transfer *transfer);
void http_remove(struct http *http, struct http_transfer *transfer);

#endif
