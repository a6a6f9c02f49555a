/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/event_text.h"

static void put_time(struct json_out *out, const char *key, int64_t ns)
{
	json_out_key(out, key);
	json_out_time(out, (struct bw_wall){ns == INT64_MAX ? 0 : ns});
}

static void put_text(struct json_out *out, const char *key, const char *text)
{
	json_out_key(out, key);
	json_out_string(out, text);
}

static void put_seconds(struct json_out *out, const char *key, int64_t ns)
{
	json_out_key(out, key);
	json_out_number(out, (double)ns / (double)BW_S, 3);
}

void event_text_outage(struct json_out *out, const struct outage *outage)
{
	put_time(out, "start", outage->start_ns);
	put_time(out, "end", outage->end_ns);
	if (outage->end_ns == INT64_MAX) {
		json_out_key(out, "duration_s");
		json_out_null(out);
	} else {
		put_seconds(out, "duration_s", outage->end_ns - outage->start_ns);
	}
	put_seconds(out, "uncertainty_s", outage_uncertainty(outage));
	json_out_key(out, "returns");
	json_out_array(out);
	for (unsigned n = 0; n < outage->return_count; n++) {
		json_out_object(out);
		put_time(out, "start", outage->returns[n].start_ns);
		put_time(out, "end", outage->returns[n].end_ns);
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

static void put_change(struct json_out *out, const struct interval *interval)
{
	json_out_key(out, "change");
	json_out_object(out);
	put_time(out, "earliest", interval->earliest_ns);
	put_time(out, "latest", interval->from_ns);
	json_out_object_end(out);
}

static void put_vantages(struct json_out *out, const struct event *event)
{
	json_out_key(out, "vantages");
	json_out_array(out);
	for (size_t n = 0; n < event->vantage_count; n++)
		json_out_string(out, event->vantages[n]);
	json_out_array_end(out);
}

static void put_outage(struct json_out *out, const struct event *event)
{
	json_out_key(out, "outage");
	if (!event->outage) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	event_text_outage(out, event->outage);
	json_out_object_end(out);
}

void event_text_onset(struct json_out *out, enum bw_onset onset, const char *path)
{
	put_text(out, "onset", bw_onset_name(onset));
	json_out_key(out, "path");
	if (path)
		json_out_json(out, path);
	else
		json_out_null(out);
}

char *event_text(const struct event *event)
{
	struct json_out out;

	json_out_init_heap(&out, false);
	json_out_object(&out);
	json_out_key(&out, "id");
	json_out_uint(&out, event->id);
	put_text(&out, "target", event->target);
	put_text(&out, "title", event->title);
	put_text(&out, "scope", bw_scope_name(event->scope));
	put_text(&out, "subject", event->subject);
	put_text(&out, "from", bw_verdict_name(event->from));
	put_text(&out, "to", bw_verdict_name(event->to));
	put_time(&out, "detected", event->now_ns);
	put_change(&out, event->interval);
	put_text(&out, "status", event->withdrawn ? "withdrawn" : "confirmed");
	event_text_onset(&out, event->onset, event->path);
	outage_facts_put_series(&out, event->series);
	put_outage(&out, event);
	put_vantages(&out, event);
	json_out_object_end(&out);
	return json_out_take(&out);
}
