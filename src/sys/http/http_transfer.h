/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_TRANSFER_H
#define SYS_HTTP_HTTP_TRANSFER_H

#include <curl/curl.h>

#include "sys/http/http_client.h"

/*
 * Private to sys/http. One transfer of a client; it is part of the caller's struct. DONE is called
 * once it has ended, never from within http_add() or http_remove(); the transfer has been removed
 * before that.
 */
struct http_transfer {
	CURL *easy;
	void (*done)(struct http_transfer *transfer, CURLcode result);
};

/* Starts it. Returns 0 or BW_ERR_INTERNAL. */
int http_add(struct http *http, struct http_transfer *transfer);
void http_remove(struct http *http, struct http_transfer *transfer);

#endif
