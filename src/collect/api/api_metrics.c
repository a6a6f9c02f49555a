/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_metrics.h"

#include <stdio.h>
#include <stdlib.h>

#define PROMETHEUS "text/plain; version=0.0.4; charset=utf-8"

/* The lines that describe a metric of this type. */
static void put_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_value(FILE *out, const char *name, const char *type, const char *help,
		      uint64_t value)
{
	put_head(out, name, type, help);
	fprintf(out, "%s %llu\n", name, (unsigned long long)value);
}

static void put_counter(FILE *out, const char *name, const char *help, uint64_t value)
{
	put_value(out, name, "counter", help, value);
}

static void put_gauge(FILE *out, const char *name, const char *help, uint64_t value)
{
	put_value(out, name, "gauge", help, value);
}

static void put_vantages(FILE *out, const struct fleet *fleet, struct bw_wall now)
{
	put_head(out, "blockwatch_vantage_silent", "gauge",
		 "1 when nothing has come for too long.");
	for (size_t i = 0; i < fleet->count; i++)
		fprintf(out, "blockwatch_vantage_silent{vantage=\"%s\"} %d\n", fleet->list[i].name,
			fleet_is_silent(fleet, &fleet->list[i], now));
	put_head(out, "blockwatch_vantage_two_sources", "gauge",
		 "1 while two machines send under this name.");
	for (size_t i = 0; i < fleet->count; i++)
		fprintf(out, "blockwatch_vantage_two_sources{vantage=\"%s\"} %d\n",
			fleet->list[i].name, fleet_is_doubled(fleet, &fleet->list[i], now));
	put_head(out, "blockwatch_vantage_last_record_seconds", "gauge",
		 "Time of the youngest record.");
	for (size_t i = 0; i < fleet->count; i++)
		fprintf(out, "blockwatch_vantage_last_record_seconds{vantage=\"%s\"} %.3f\n",
			fleet->list[i].name, (double)fleet->list[i].last.ns / (double)BW_S);
}

static void put_stream(FILE *out, const struct collector_stream *stream)
{
	put_gauge(out, "blockwatch_stream_ready", "1 while messages come from the stream.",
		  stream->ready);
	put_counter(out, "blockwatch_stream_messages_total",
		    "Messages of the stream whose records are stored.", stream->taken);
	put_counter(out, "blockwatch_stream_refused_total",
		    "Messages of the stream that were no record and were dropped.",
		    stream->refused);
	put_counter(out, "blockwatch_stream_repeated_total",
		    "Messages of the stream that were delivered again.", stream->repeated);
	put_gauge(out, "blockwatch_stream_waiting",
		  "Messages in the stream that were not delivered yet.", stream->waiting);
}

/* By their places in the configuration: a URL may hold a secret. */
static void put_webhooks(FILE *out, const struct webhooks *webhooks)
{
	put_head(out, "blockwatch_webhook_delivered_total", "counter",
		 "Messages that were delivered.");
	for (size_t n = 0; n < webhooks->count; n++)
		fprintf(out, "blockwatch_webhook_delivered_total{webhook=\"%zu\"} %llu\n", n,
			(unsigned long long)webhooks->list[n].delivered);
	put_head(out, "blockwatch_webhook_failures_total", "counter", "Attempts that failed.");
	for (size_t n = 0; n < webhooks->count; n++)
		fprintf(out, "blockwatch_webhook_failures_total{webhook=\"%zu\"} %llu\n", n,
			(unsigned long long)webhooks->list[n].failures);
	put_head(out, "blockwatch_webhook_failing", "gauge",
		 "1 while messages wait because the last attempt failed.");
	for (size_t n = 0; n < webhooks->count; n++)
		fprintf(out, "blockwatch_webhook_failing{webhook=\"%zu\"} %d\n", n,
			webhooks->list[n].backoff.failures > 0);
}

void api_metrics(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer)
{
	FILE *out = open_memstream(&answer->body, &answer->length);

	(void)request;
	answer->status = out ? 200 : 500;
	answer->type = PROMETHEUS;
	if (!out)
		return;
	put_counter(out, "blockwatch_records_taken_total", "Records that were new.",
		    collector->taken);
	put_counter(out, "blockwatch_records_known_total", "Records that came again.",
		    collector->known);
	put_counter(out, "blockwatch_records_refused_total", "Lines that were no record.",
		    collector->refused);
	put_gauge(out, "blockwatch_leads",
		  "1 if this collector tells what has changed; one of those over a database does.",
		  collector->leads);
	if (collector->stream.used)
		put_stream(out, &collector->stream);
	if (collector->webhooks.count > 0)
		put_webhooks(out, &collector->webhooks);
	put_vantages(out, &collector->fleet, now);
	fclose(out);
}

static void write_stream(const struct collector_stream *stream, struct json_out *out)
{
	json_out_key(out, "stream");
	json_out_object(out);
	json_out_key(out, "ready");
	json_out_bool(out, stream->ready);
	json_out_key(out, "error");
	json_out_string(out, stream->ready || !stream->text[0] ? NULL : stream->text);
	json_out_key(out, "waiting");
	json_out_uint(out, stream->waiting);
	json_out_object_end(out);
}

void api_health(struct collector *collector, const struct api_request *request, struct bw_wall now,
		struct api_answer *answer)
{
	struct json_out out;

	(void)request;
	(void)now;
	if (!collector->store_watch.stores) {
		api_answer_error(answer, 503, "the last records could not be stored");
		return;
	}
	json_out_init_heap(&out, false);
	json_out_object(&out);
	json_out_key(&out, "stores");
	json_out_bool(&out, true);
	if (collector->stream.used)
		write_stream(&collector->stream, &out);
	json_out_object_end(&out);
	api_answer_json(answer, 200, &out);
}
