/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/http_carrier.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/common/client_secrets.h"
#include "ship/line.h"
#include "sys/http/compress.h"
#include "sys/http/http_post.h"

#define ANSWER_MAX ((size_t)1 << 20)
#define ANSWER_BULK_MAX ((size_t)16 << 20) /* an item a record */
#define KEY_TEXT (FRAMING_ID_TEXT + 48)

struct http_sink {
	const struct conf_run_sink *conf;
	enum framing framing;
	struct client_secrets secrets;
	char **headers; /* "Name: value", NULL at the end */
	struct http_peer peer;
};

struct http_carrier {
	const struct http_sink *sink;
	struct http_post *post;
	struct compress *compress;
	struct framing_body body;
	carrier_done done;
	void *self;
	uint8_t *items;
	struct reasons reasons;
	size_t count;
};

static enum framing framing_of(const struct conf_run_sink *conf)
{
	switch ((enum conf_run_framing)conf->framing) {
	case CONF_RUN_ES_BULK:
		return FRAMING_ES_BULK;
	case CONF_RUN_LOKI:
		return FRAMING_LOKI;
	case CONF_RUN_NDJSON:
	case CONF_RUN_FRAMING_NONE:
		break;
	}
	return FRAMING_NDJSON;
}

static enum compress_method compression_of(const struct conf_run_sink *conf)
{
	switch ((enum conf_run_compression)conf->compression) {
	case CONF_RUN_ZSTD:
		return COMPRESS_ZSTD;
	case CONF_RUN_NO_COMPRESSION:
		return COMPRESS_NONE;
	case CONF_RUN_GZIP:
	case CONF_RUN_COMPRESSION_NONE:
		break;
	}
	return COMPRESS_GZIP;
}

static int read_secrets(struct http_sink *sink, const struct options_texts *passed,
			struct bw_err *err)
{
	const struct conf_run_sink *conf = sink->conf;
	const struct client_files files = {conf->token_file, conf->ca_file,
					   conf->client_certificate, conf->client_key};
	int code = client_secrets_read(&files, passed, &sink->secrets, err);

	return code < 0 ? code : secret_trim(&sink->secrets.proof, conf->token_file, err);
}

static int set_header(char **header, const char *name, const char *value, struct bw_err *err)
{
	if (asprintf(header, "%s: %s", name, value) >= 0)
		return 0;
	*header = NULL;
	return bw_err_set(err, -ENOMEM, "out of memory");
}

static int make_headers(struct http_sink *sink, const char *vantage, struct bw_err *err)
{
	const struct keys_pairs *pairs = &sink->conf->headers;
	int code;

	sink->headers = calloc(pairs->count + 2, sizeof(sink->headers[0]));
	if (!sink->headers)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = set_header(&sink->headers[0], "X-Blockwatch-Vantage", vantage, err);
	for (size_t i = 0; i < pairs->count && code == 0; i++)
		code = set_header(&sink->headers[i + 1], pairs->list[i].name, pairs->list[i].text,
				  err);
	return code;
}

static struct http_bytes bytes_of(const struct secret *secret)
{
	return (struct http_bytes){secret->bytes, secret->length};
}

static void fill_peer(struct http_sink *sink)
{
	sink->peer = (struct http_peer){
		.url = sink->conf->url,
		.token = sink->secrets.proof.bytes,
		.proxy = sink->conf->proxy,
		.content_type = framing_content_type(sink->framing),
		.headers = (const char *const *)sink->headers,
		.ca = bytes_of(&sink->secrets.ca),
		.certificate = bytes_of(&sink->secrets.certificate),
		.key = bytes_of(&sink->secrets.key),
		.timeout_ns = sink->conf->timeout_ns,
		.answer_max = sink->framing == FRAMING_ES_BULK ? ANSWER_BULK_MAX : ANSWER_MAX,
	};
}

int http_sink_new(const struct conf_run_sink *conf, const char *vantage,
		  const struct options_texts *passed, struct http_sink **ret_sink,
		  struct bw_err *err)
{
	struct http_sink *sink = calloc(1, sizeof(*sink));
	int code;

	if (!sink)
		return bw_err_set(err, -ENOMEM, "out of memory");
	sink->conf = conf;
	sink->framing = framing_of(conf);
	code = read_secrets(sink, passed, err);
	if (code == 0)
		code = make_headers(sink, vantage, err);
	if (code < 0) {
		http_sink_free(sink);
		return code;
	}
	fill_peer(sink);
	*ret_sink = sink;
	return 0;
}

void http_sink_free(struct http_sink *sink)
{
	if (!sink)
		return;
	for (size_t i = 0; sink->headers && sink->headers[i]; i++)
		free(sink->headers[i]);
	free(sink->headers);
	client_secrets_fini(&sink->secrets);
	free(sink);
}

static void on_answer(void *self, const struct http_post_result *result)
{
	struct http_carrier *carrier = self;
	struct answer_verdict verdict = {.items = carrier->items,
					 .count = carrier->count,
					 .reasons = &carrier->reasons};
	const struct carrier_news news = {&verdict, result->has_offset, result->offset_s};

	answer_judge(&result->answer, carrier->sink->framing, &verdict);
	carrier->done(carrier->self, &news);
}

/*
 * VANTAGE-BOOT-FIRST-LAST-COUNT. A receiver that keeps keys must not take a batch for one that
 * only begins with the same record.
 */
static void make_key(const struct batch_slice *slice, char key[KEY_TEXT])
{
	struct ship_line first, last;
	size_t length, used = 0;
	const char *text;

	text = batch_slice_line(slice, 0, &length);
	if (ship_line_scan(text, length, &first) == 0)
		used = framing_id(&first, key);
	text = batch_slice_line(slice, slice->count - 1, &length);
	if (ship_line_scan(text, length, &last) == 0)
		snprintf(key + used, KEY_TEXT - used, "-%" PRIu64 "-%zu", last.seq, slice->count);
}

static int send_slice(void *self, const struct batch_slice *slice, uint8_t *items)
{
	struct http_carrier *carrier = self;
	struct http_post_body body = {.encoding = compress_encoding(carrier->compress)};
	char key[KEY_TEXT] = "";
	int code;

	carrier->items = items;
	carrier->count = slice->count;
	code = framing_make(carrier->sink->framing, slice, &carrier->body, &body.bytes,
			    &body.length);
	if (code == 0 && body.length == 0)
		body = (struct http_post_body){.bytes = ""};
	else if (code == 0)
		code = compress_run(carrier->compress, body.bytes, body.length, &body.bytes,
				    &body.length);
	if (slice->count > 0)
		make_key(slice, key);
	body.key = key[0] ? key : NULL;
	return code == 0 ? http_post_send(carrier->post, &body) : code;
}

static void cancel(void *self)
{
	struct http_carrier *carrier = self;

	http_post_cancel(carrier->post);
}

static void free_carrier(void *self)
{
	struct http_carrier *carrier = self;

	http_post_free(carrier->post);
	compress_free(carrier->compress);
	framing_body_fini(&carrier->body);
	reasons_fini(&carrier->reasons);
	free(carrier);
}

int http_carrier_open(const struct http_sink *sink, struct http *http, carrier_done done,
		      void *self, struct carrier *ret_carrier, struct bw_err *err)
{
	static const struct carrier_ops ops = {send_slice, cancel, free_carrier};
	struct http_carrier *carrier = calloc(1, sizeof(*carrier));
	int code = carrier ? 0 : -ENOMEM;

	if (code == 0) {
		carrier->sink = sink;
		carrier->done = done;
		carrier->self = self;
		code = compress_new(compression_of(sink->conf), &carrier->compress);
	}
	if (code < 0)
		bw_err_set(err, code, "out of memory");
	else
		code = http_post_new(http, &sink->peer, on_answer, carrier, &carrier->post, err);
	if (code < 0) {
		if (carrier)
			free_carrier(carrier);
		return code;
	}
	*ret_carrier = (struct carrier){&ops, carrier};
	return 0;
}
