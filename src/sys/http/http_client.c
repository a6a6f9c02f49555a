/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/http_client.h"

#include <errno.h>
#include <stdlib.h>

#include "sys/http/http_transfer.h"
#include "sys/machine/clock.h"

#define CONNECTIONS_MAX 16L /* kept open without a transfer */

struct http {
	struct loop *loop;
	CURLM *multi;
	struct bw_mono deadline; /* BW_NEVER: libcurl waits for descriptors only */
};

/* A descriptor of libcurl; its handler needs both. */
struct watched {
	struct http *http;
	curl_socket_t fd;
};

static void take_finished(struct http *http)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left))) {
		struct http_transfer *transfer = NULL;
		CURLcode result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
		curl_multi_remove_handle(http->multi, transfer->easy);
		transfer->done(transfer, result);
	}
}

static void act(struct http *http, curl_socket_t fd, int events)
{
	int running;

	curl_multi_socket_action(http->multi, fd, events, &running);
	take_finished(http);
	loop_wake(http->loop);
}

static void on_ready(void *arg, unsigned events)
{
	const struct watched *watched = arg;
	int occurred = 0;

	if (events & LOOP_READABLE)
		occurred |= CURL_CSELECT_IN;
	if (events & LOOP_WRITABLE)
		occurred |= CURL_CSELECT_OUT;
	act(watched->http, watched->fd, occurred);
}

static unsigned events_of(int what)
{
	unsigned events = 0;

	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= LOOP_READABLE;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= LOOP_WRITABLE;
	return events;
}

static void forget(struct http *http, curl_socket_t fd, struct watched *watched)
{
	loop_unwatch(http->loop, fd);
	curl_multi_assign(http->multi, fd, NULL);
	free(watched);
}

/* libcurl says what it waits for on a descriptor. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *self, void *known)
{
	struct http *http = self;
	struct watched *watched = known;

	(void)easy;
	if (watched && what == CURL_POLL_REMOVE)
		forget(http, fd, watched);
	if (what == CURL_POLL_REMOVE)
		return 0;
	if (watched)
		loop_unwatch(http->loop, fd);
	else
		watched = calloc(1, sizeof(*watched));
	if (!watched)
		return -1;
	*watched = (struct watched){http, fd};
	curl_multi_assign(http->multi, fd, watched);
	if (loop_watch(http->loop, fd, events_of(what), on_ready, watched) == 0)
		return 0;
	forget(http, fd, watched);
	return -1;
}

static int on_timer(CURLM *multi, long ms, void *self)
{
	struct http *http = self;

	(void)multi;
	http->deadline = ms < 0 ? BW_NEVER : bw_mono_add(clock_now().mono, ms * BW_MS);
	loop_wake(http->loop);
	return 0;
}

int http_new(struct loop *loop, struct http **ret_http, struct bw_err *err)
{
	struct http *http = calloc(1, sizeof(*http));

	if (!http)
		return bw_err_set(err, -ENOMEM, "out of memory");
	http->loop = loop;
	http->deadline = BW_NEVER;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		http->multi = curl_multi_init();
	if (!http->multi) {
		free(http);
		return bw_err_set(err, BW_ERR_INTERNAL, "libcurl does not start");
	}
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_MAX);
	*ret_http = http;
	return 0;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	curl_multi_cleanup(http->multi);
	curl_global_cleanup();
	free(http);
}

struct bw_mono http_deadline(const struct http *http)
{
	return http->deadline;
}

void http_wake(struct http *http, struct bw_now now)
{
	if (bw_mono_before(now.mono, http->deadline))
		return;
	http->deadline = BW_NEVER;
	act(http, CURL_SOCKET_TIMEOUT, 0);
}

int http_add(struct http *http, struct http_transfer *transfer)
{
	curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
	return curl_multi_add_handle(http->multi, transfer->easy) == CURLM_OK ? 0 : BW_ERR_INTERNAL;
}

void http_remove(struct http *http, struct http_transfer *transfer)
{
	curl_multi_remove_handle(http->multi, transfer->easy);
}
