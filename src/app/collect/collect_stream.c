/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect_stream.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/common/log.h"
#include "base/clean.h"
#include "ship/format/subject.h"
#include "sys/bus/stream_reader.h"

#define TELL_EVERY_NS (60 * BW_S) /* the same kind of line */
#define TIMEOUT_NS (10 * BW_S)    /* of a request to the server */

struct collect_stream {
	const struct collect_config *config;
	struct collector *collector;
	struct stream_reader_options options;
	struct stream_reader *reader;
	int vantage_word; /* of a subject */
	bool told_ready;
	char told[NATS_LINK_TEXT];
	struct bw_mono tell_at, tell_refused_at; /* not before */
	uint64_t refused;                        /* since the last line about them */
};

/* NULL: of no vantage that is configured. */
static const struct fleet_member *find_member(const struct collect_stream *stream,
					      const char *subject)
{
	const struct fleet *fleet = &stream->collector->fleet;

	for (size_t i = 0; i < fleet->count; i++)
		if (subject_word_is(subject, stream->vantage_word, fleet->list[i].name))
			return &fleet->list[i];
	return NULL;
}

static void tell_refused(struct collect_stream *stream, const char *subject, const char *reason,
			 struct bw_mono now)
{
	char clean_subject[200], clean_reason[ADMIT_REASON];

	if (bw_mono_before(now, stream->tell_refused_at))
		return;
	clean_append(clean_subject, sizeof(clean_subject), 0, subject);
	clean_append(clean_reason, sizeof(clean_reason), 0, reason);
	log_warn("nats: %" PRIu64 " message%s no record and will not come again; one on %s: %s",
		 stream->refused, stream->refused == 1 ? " is" : "s are", clean_subject,
		 clean_reason);
	stream->refused = 0;
	stream->tell_refused_at = bw_mono_add(now, TELL_EVERY_NS);
}

/* All of them, or none: it is one transaction. */
static bool take_messages(struct collect_stream *stream, struct stream_message *messages,
			  struct admit_message *admitted, size_t count, struct bw_now now)
{
	const char *subject = NULL;
	char reason[ADMIT_REASON];

	for (size_t i = 0; i < count; i++)
		admitted[i] = (struct admit_message){
			.member = find_member(stream, messages[i].subject),
			.text = messages[i].text,
			.length = messages[i].length,
		};
	if (collector_take_messages(stream->collector, admitted, count, now.wall, reason).status !=
	    200)
		return false;
	for (size_t i = 0; i < count; i++) {
		messages[i].refused = admitted[i].refused;
		stream->refused += admitted[i].refused;
		stream->collector->stream.repeated += messages[i].repeated;
		if (admitted[i].refused && !subject)
			subject = messages[i].subject;
	}
	if (subject)
		tell_refused(stream, subject, reason, now.mono);
	return true;
}

static bool take(void *self, struct stream_message *messages, size_t count, struct bw_now now)
{
	struct admit_message *admitted = calloc(count, sizeof(*admitted));
	bool taken;

	if (!admitted)
		return false;
	taken = take_messages(self, messages, admitted, count, now);
	free(admitted);
	return taken;
}

/* One line when it fails, and one when it is over. */
static void tell_state(struct collect_stream *stream, const struct stream_reader_news *news,
		       struct bw_mono now)
{
	const struct conf_collect *conf = &stream->config->conf;

	if (news->ready && !stream->told_ready)
		log_info("nats: takes records from stream %s as %s", conf->nats.stream,
			 conf->nats.durable);
	if (news->ready)
		stream->tell_at = (struct bw_mono){0};
	stream->told_ready = news->ready;
	if (news->ready || !news->text[0] || bw_mono_before(now, stream->tell_at))
		return;
	if (stream->tell_at.ns == 0 || strcmp(stream->told, news->text) != 0)
		log_warn("nats: %s: tried again", news->text);
	snprintf(stream->told, sizeof(stream->told), "%s", news->text);
	stream->tell_at = bw_mono_add(now, TELL_EVERY_NS);
}

struct bw_mono collect_stream_wake(struct collect_stream *stream, struct bw_now now)
{
	struct collector_stream *state = &stream->collector->stream;
	const struct bw_mono next = stream_reader_wake(stream->reader, now);
	struct stream_reader_news news;

	stream_reader_news(stream->reader, &news);
	tell_state(stream, &news, now.mono);
	state->ready = news.ready;
	state->waiting = news.waiting;
	snprintf(state->text, sizeof(state->text), "%s", news.text);
	return next;
}

static void fill_options(struct collect_stream *stream)
{
	const struct conf_collect *conf = &stream->config->conf;
	const struct client_secrets *secrets = &stream->config->nats;

	stream->options = (struct stream_reader_options){
		.link =
			{
				.name = "blockwatch collect",
				.url = conf->nats.url,
				.stream = conf->nats.stream,
				.ca = secrets->ca.bytes,
				.certificate = secrets->certificate.bytes,
				.key = secrets->key.bytes,
				.credentials = secrets->proof.bytes,
				.timeout_ns = TIMEOUT_NS,
			},
		.durable = conf->nats.durable,
	};
}

int collect_stream_new(struct loop *loop, const struct collect_config *config,
		       struct collector *collector, struct collect_stream **ret_stream,
		       struct bw_err *err)
{
	struct collect_stream *stream = calloc(1, sizeof(*stream));
	int code;

	if (!stream)
		return bw_err_set(err, -ENOMEM, "out of memory");
	stream->config = config;
	stream->collector = collector;
	stream->vantage_word = subject_find_vantage(config->conf.nats.subject);
	fill_options(stream);
	code = stream_reader_new(loop, &stream->options, take, stream, &stream->reader, err);
	if (code < 0) {
		free(stream);
		return code;
	}
	collector->stream.used = true;
	*ret_stream = stream;
	return 0;
}

void collect_stream_free(struct collect_stream *stream)
{
	/* A thread that still blocks reads the options: they stay until the process ends. */
	if (stream && stream_reader_free(stream->reader))
		free(stream);
}
