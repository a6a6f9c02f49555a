/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/nats_carrier.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/common/client_secrets.h"
#include "app/common/log.h"
#include "ship/format/subject.h"
#include "sys/bus/jetstream.h"

struct nats_sink {
	const struct conf_run_sink *conf;
	struct client_secrets secrets;
	char subject[SUBJECT_MAX]; /* of the stream, with wildcards */
	char confirmed[SUBJECT_MAX];
	struct nats_link_options options;
	struct jetstream *jetstream;
	char told[NATS_LINK_TEXT]; /* the last warning about the stream */
};

struct nats_carrier {
	struct jetstream_lane *lane;
	carrier_done done;
	void *self;
};

static int make_subjects(struct nats_sink *sink, const char *vantage, struct bw_err *err)
{
	const struct conf_run_sink *conf = sink->conf;

	if (subject_make_wildcard(conf->subject, sink->subject, sizeof(sink->subject)) == 0 &&
	    subject_make_confirmed(vantage, sink->confirmed, sizeof(sink->confirmed)) == 0)
		return 0;
	return bw_err_set(err, BW_ERR_LIMIT, "the subject of sink '%s' is too long", conf->name);
}

int nats_sink_new(const struct conf_run_sink *conf, const char *vantage,
		  const struct options_texts *passed, int64_t duplicates_ns,
		  struct nats_sink **ret_sink, struct bw_err *err)
{
	const struct client_files files = {conf->credentials_file, conf->ca_file,
					   conf->client_certificate, conf->client_key};
	struct nats_sink *sink = calloc(1, sizeof(*sink));
	int code;

	if (!sink)
		return bw_err_set(err, -ENOMEM, "out of memory");
	sink->conf = conf;
	code = client_secrets_read(&files, passed, &sink->secrets, err);
	if (code == 0)
		code = make_subjects(sink, vantage, err);
	if (code < 0) {
		nats_sink_free(sink);
		return code;
	}
	sink->options = (struct nats_link_options){
		.name = "blockwatch ship",
		.url = conf->url,
		.stream = conf->stream,
		.subject = sink->subject,
		.confirmed = sink->confirmed,
		.ca = sink->secrets.ca.bytes,
		.certificate = sink->secrets.certificate.bytes,
		.key = sink->secrets.key.bytes,
		.credentials = sink->secrets.proof.bytes,
		.duplicates_ns = duplicates_ns,
		.timeout_ns = conf->timeout_ns,
	};
	*ret_sink = sink;
	return 0;
}

void nats_sink_free(struct nats_sink *sink)
{
	if (!sink)
		return;
	/* A thread that still blocks reads the options: they stay until the process ends. */
	if (!jetstream_free(sink->jetstream))
		return;
	client_secrets_fini(&sink->secrets);
	free(sink);
}

int nats_sink_start(struct nats_sink *sink, struct loop *loop, struct bw_err *err)
{
	return jetstream_new(loop, &sink->options, sink->conf->subject, &sink->jetstream, err);
}

uint64_t nats_sink_peer(struct nats_sink *sink, char *peer, size_t size)
{
	struct nats_link_news news;

	jetstream_news(sink->jetstream, &news);
	snprintf(peer, size, "%s", news.peer);
	if (news.state == NATS_LINK_READY && strcmp(news.text, sink->told) != 0) {
		snprintf(sink->told, sizeof(sink->told), "%s", news.text);
		if (news.text[0])
			log_warn("ship: %s: %s", sink->conf->name, news.text);
	}
	return news.confirmed;
}

struct bw_mono nats_sink_deadline(const struct nats_sink *sink)
{
	return jetstream_deadline(sink->jetstream);
}

void nats_sink_wake(struct nats_sink *sink, struct bw_now now)
{
	jetstream_wake(sink->jetstream, now);
}

static void on_done(void *self, struct answer_verdict *verdict)
{
	struct nats_carrier *carrier = self;
	const struct carrier_news news = {.verdict = verdict};

	carrier->done(carrier->self, &news);
}

static int send_slice(void *self, const struct batch_slice *slice, uint8_t *items)
{
	struct nats_carrier *carrier = self;

	jetstream_lane_send(carrier->lane, slice, items);
	return 0;
}

static void cancel(void *self)
{
	struct nats_carrier *carrier = self;

	jetstream_lane_cancel(carrier->lane);
}

static void free_carrier(void *self)
{
	struct nats_carrier *carrier = self;

	jetstream_lane_free(carrier->lane);
	free(carrier);
}

int nats_carrier_open(struct nats_sink *sink, carrier_done done, void *self,
		      struct carrier *ret_carrier, struct bw_err *err)
{
	static const struct carrier_ops ops = {send_slice, cancel, free_carrier};
	struct nats_carrier *carrier = calloc(1, sizeof(*carrier));
	int code = -ENOMEM;

	if (carrier) {
		*carrier = (struct nats_carrier){.done = done, .self = self};
		code = jetstream_lane_new(sink->jetstream, on_done, carrier, &carrier->lane);
	}
	if (code < 0) {
		free(carrier);
		return bw_err_set(err, code, "out of memory");
	}
	*ret_carrier = (struct carrier){&ops, carrier};
	return 0;
}
