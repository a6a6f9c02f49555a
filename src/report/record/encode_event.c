/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/encode_event.h"

#include "report/record/encode_path.h"
#include "report/record/put.h"

#define CONFIDENCE_DECIMALS 4
#define RATE_DECIMALS 6 /* of shares of very many */

static void put_unusual(struct json_out *out, const struct record_unusual *unusual)
{
	json_out_key(out, "unusual");
	if (unusual->days <= 0) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	put_number(out, "days", unusual->days, PUT_UNIT_DECIMALS);
	put_uint(out, "outages", unusual->outages);
	json_out_key(out, "since_last_s");
	if (unusual->since_last_s < 0)
		json_out_null(out);
	else
		json_out_number(out, unusual->since_last_s, PUT_UNIT_DECIMALS);
	json_out_key(out, "longest");
	json_out_bool(out, unusual->longest);
	put_number(out, "availability", unusual->availability, RATE_DECIMALS);
	json_out_object_end(out);
}

static void put_returns(struct json_out *out, const struct record_event *event)
{
	json_out_key(out, "returns");
	json_out_array(out);
	for (unsigned i = 0; i < event->return_count; i++) {
		json_out_object(out);
		put_time(out, "start", event->returns[i].start);
		put_time(out, "end", event->returns[i].end);
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

static void put_part(struct json_out *out, const char *key, const struct record_part *part)
{
	if (part->total == 0)
		return;
	json_out_key(out, key);
	json_out_object(out);
	put_uint(out, "dark", part->dark);
	put_uint(out, "total", part->total);
	json_out_object_end(out);
}

static void put_dark_parts(struct json_out *out, const struct record_event *event)
{
	json_out_key(out, "parts");
	if (event->blocks.total == 0) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	put_part(out, "networks", &event->networks);
	put_part(out, "blocks", &event->blocks);
	json_out_object_end(out);
}

static void put_outage(struct json_out *out, const struct record_event *event)
{
	json_out_key(out, "outage");
	if (!event->has_outage) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	put_time(out, "start", event->outage_start);
	put_time(out, "end", event->outage_end);
	put_number(out, "duration_s",
		   (double)(event->outage_end.ns - event->outage_start.ns) / (double)BW_S,
		   PUT_UNIT_DECIMALS);
	put_number(out, "uncertainty_s", (double)event->outage_uncertainty_ns / (double)BW_S,
		   PUT_UNIT_DECIMALS);
	put_returns(out, event);
	json_out_object_end(out);
}

void encode_event(struct json_out *out, const struct record_event *event)
{
	put_string(out, "target", event->target);
	put_string(out, "scope", bw_scope_name(event->scope));
	put_string(out, "subject", event->subject);
	put_string(out, "from", bw_verdict_name(event->from));
	put_string(out, "to", bw_verdict_name(event->to));
	put_time(out, "detected", event->detected);
	json_out_key(out, "change");
	json_out_object(out);
	put_time(out, "earliest", event->earliest);
	put_time(out, "latest", event->latest);
	json_out_object_end(out);
	put_number(out, "confidence", event->confidence, CONFIDENCE_DECIMALS);
	put_string(out, "status", event->withdraws ? "withdrawn" : "confirmed");
	if (event->withdraws)
		put_uint(out, "withdraws", event->withdraws);
	put_string(out, "onset", bw_onset_name(event->onset));
	put_outage(out, event);
	put_dark_parts(out, event);
	put_unusual(out, &event->unusual);
	encode_path(out, event->path);
}
