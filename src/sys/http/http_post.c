/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/http_post.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sys/http/http_transfer.h"
#include "sys/machine/clock.h"

#define ANSWER_FIRST 4096 /* bytes: the answer's memory grows from there */

struct http_post {
	struct http_transfer transfer; /* first: its address is the post's */
	struct http *http;
	const struct http_peer *peer;
	http_post_done done;
	void *self;
	struct curl_slist *headers;
	char error[CURL_ERROR_SIZE];
	char *answer;
	size_t length, room;
	bool under_way, cut;
	bool has_offset;
	double offset_s;
};

static size_t on_body(char *bytes, size_t size, size_t count, void *self)
{
	struct http_post *post = self;
	size_t length = size * count, room = post->room ? post->room : ANSWER_FIRST;
	char *grown;

	if (length > post->peer->answer_max - post->length) {
		post->cut = true;
		return 0;
	}
	while (room < post->length + length)
		room *= 2;
	grown = room > post->room ? realloc(post->answer, room) : post->answer;
	if (!grown)
		return 0;
	post->answer = grown;
	post->room = room;
	memcpy(post->answer + post->length, bytes, length);
	post->length += length;
	return length;
}

/* A Date has whole seconds: on average it is half a second old. */
static size_t on_header(char *bytes, size_t size, size_t count, void *self)
{
	struct http_post *post = self;
	char text[64];
	size_t length = size * count;
	time_t date;

	if (length < 6 || length - 5 >= sizeof(text) || strncasecmp(bytes, "date:", 5) != 0)
		return length;
	memcpy(text, bytes + 5, length - 5);
	text[length - 5] = '\0';
	date = curl_getdate(text, NULL);
	post->has_offset = date > 0;
	post->offset_s = (double)date + 0.5 - (double)clock_now().wall.ns / (double)BW_S;
	return length;
}

static enum failure failure_of(CURLcode result)
{
	if (result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_COULDNT_RESOLVE_PROXY)
		return FAILURE_RESOLVE;
	if (result == CURLE_OPERATION_TIMEDOUT)
		return FAILURE_TIMEOUT;
	if (result == CURLE_SSL_CONNECT_ERROR || result == CURLE_PEER_FAILED_VERIFICATION ||
	    result == CURLE_SSL_CERTPROBLEM || result == CURLE_SSL_CIPHER ||
	    result == CURLE_SSL_CACERT_BADFILE || result == CURLE_SSL_ISSUER_ERROR)
		return FAILURE_TLS;
	if (result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR ||
	    result == CURLE_GOT_NOTHING || result == CURLE_PARTIAL_FILE)
		return FAILURE_CUT;
	if (result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_WEIRD_SERVER_REPLY ||
	    result == CURLE_WRITE_ERROR || result == CURLE_HTTP2)
		return FAILURE_ANSWER;
	return FAILURE_CONNECT;
}

/* What has come of the answer counts when all of it is there, or as much as was wanted. */
static void fill_answer(struct http_post *post, CURLcode result, struct answer *answer)
{
	curl_off_t retry_after = 0;
	long status = 0;

	curl_easy_getinfo(post->transfer.easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(post->transfer.easy, CURLINFO_RETRY_AFTER, &retry_after);
	*answer = (struct answer){.body = post->answer, .length = post->length, .cut = post->cut};
	if (retry_after > 0)
		answer->retry_after_ns = (retry_after < 86400 ? retry_after : 86400) * BW_S;
	if (result == CURLE_OK || post->cut) {
		answer->status = (int)status;
		return;
	}
	answer->failure = failure_of(result);
	answer->text = post->error[0] ? post->error : curl_easy_strerror(result);
}

static void on_done(struct http_transfer *transfer, CURLcode result)
{
	struct http_post *post = (struct http_post *)(void *)transfer;
	struct http_post_result done = {.has_offset = post->has_offset, .offset_s = post->offset_s};

	post->under_way = false;
	fill_answer(post, result, &done.answer);
	post->done(post->self, &done);
}

static void set_blob(CURL *easy, CURLoption option, const struct http_bytes *bytes)
{
	struct curl_blob blob = {(void *)(uintptr_t)bytes->bytes, bytes->length, CURL_BLOB_NOCOPY};

	if (bytes->bytes)
		curl_easy_setopt(easy, option, &blob);
}

static void set_limits(CURL *easy, const struct http_peer *peer)
{
	long timeout_s = (long)((peer->timeout_ns + BW_S - 1) / BW_S);

	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
			 timeout_s < HTTP_POST_CONNECT_S ? timeout_s : HTTP_POST_CONNECT_S);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, timeout_s);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, timeout_s * HTTP_POST_MOST);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
}

static void set_callbacks(CURL *easy, struct http_post *post)
{
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, post);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, post);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, post->error);
}

/* Returns what libcurl says of the address. */
static CURLcode set_peer(CURL *easy, const struct http_peer *peer)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
	set_blob(easy, CURLOPT_CAINFO_BLOB, &peer->ca);
	set_blob(easy, CURLOPT_SSLCERT_BLOB, &peer->certificate);
	set_blob(easy, CURLOPT_SSLKEY_BLOB, &peer->key);
	if (peer->proxy)
		curl_easy_setopt(easy, CURLOPT_PROXY, peer->proxy);
	if (peer->token) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, peer->token);
	}
	return curl_easy_setopt(easy, CURLOPT_URL, peer->url);
}

int http_post_new(struct http *http, const struct http_peer *peer, http_post_done done, void *self,
		  struct http_post **ret_post, struct bw_err *err)
{
	struct http_post *post = calloc(1, sizeof(*post));

	if (!post)
		return bw_err_set(err, -ENOMEM, "out of memory");
	*post = (struct http_post){{curl_easy_init(), on_done}, http, peer, done, self};
	if (!post->transfer.easy) {
		free(post);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	set_callbacks(post->transfer.easy, post);
	set_limits(post->transfer.easy, peer);
	if (set_peer(post->transfer.easy, peer) != CURLE_OK) {
		http_post_free(post);
		return bw_err_set(err, BW_ERR_VALUE, "'%.100s' is no address for HTTP", peer->url);
	}
	*ret_post = post;
	return 0;
}

void http_post_free(struct http_post *post)
{
	if (!post)
		return;
	http_post_cancel(post);
	curl_easy_cleanup(post->transfer.easy);
	curl_slist_free_all(post->headers);
	free(post->answer);
	free(post);
}

static int add_header(struct curl_slist **list, const char *format, const char *value)
{
	char text[1024];
	struct curl_slist *longer;

	if (snprintf(text, sizeof(text), format, value) >= (int)sizeof(text))
		return BW_ERR_LIMIT;
	longer = curl_slist_append(*list, text);
	if (!longer)
		return -ENOMEM;
	*list = longer;
	return 0;
}

static int add_headers(struct curl_slist **list, const char *const *headers)
{
	int code = 0;

	for (size_t i = 0; code == 0 && headers && headers[i]; i++)
		code = add_header(list, "%s", headers[i]);
	return code;
}

/* An empty "Expect:" takes away the wait for "100 Continue". */
static int set_headers(struct http_post *post, const struct http_post_body *body)
{
	const struct http_peer *peer = post->peer;
	struct curl_slist *list = NULL;
	int code = add_header(&list, "Content-Type: %s", peer->content_type);

	if (code == 0)
		code = add_header(&list, "Expect:%s", "");
	if (code == 0 && body->encoding)
		code = add_header(&list, "Content-Encoding: %s", body->encoding);
	if (code == 0 && body->key)
		code = add_header(&list, "Idempotency-Key: %s", body->key);
	if (code == 0)
		code = add_headers(&list, peer->headers);
	if (code == 0)
		code = add_headers(&list, body->headers);
	curl_easy_setopt(post->transfer.easy, CURLOPT_HTTPHEADER, list);
	curl_slist_free_all(post->headers);
	post->headers = list;
	return code;
}

int http_post_send(struct http_post *post, const struct http_post_body *body)
{
	int code = set_headers(post, body);

	post->length = 0;
	post->cut = post->has_offset = false;
	post->error[0] = '\0';
	curl_easy_setopt(post->transfer.easy, CURLOPT_POSTFIELDS, body->bytes);
	curl_easy_setopt(post->transfer.easy, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)body->length);
	if (code == 0)
		code = http_add(post->http, &post->transfer);
	post->under_way = code == 0;
	return code;
}

void http_post_cancel(struct http_post *post)
{
	if (post->under_way)
		http_remove(post->http, &post->transfer);
	post->under_way = false;
}
