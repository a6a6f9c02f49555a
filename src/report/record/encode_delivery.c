/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/encode_delivery.h"

#include "report/record/put.h"

static void put_dropped(struct json_out *out, const struct record_delivery *delivery)
{
	json_out_key(out, "dropped");
	json_out_object(out);
	for (unsigned type = 0; type < SPOOL_TYPES; type++)
		put_uint(out, spool_type_name(type), delivery->dropped[type]);
	json_out_object_end(out);
}

static void put_backlog(struct json_out *out, const struct record_network_sink *sink)
{
	json_out_key(out, "backlog");
	json_out_object(out);
	put_uint(out, "records", sink->records);
	put_uint(out, "bytes", sink->bytes);
	put_number(out, "age_s", sink->age_s, PUT_UNIT_DECIMALS);
	json_out_object_end(out);
}

/* Reasons without a failure are left out. */
static void put_failures(struct json_out *out, const struct record_network_sink *sink)
{
	json_out_key(out, "failures");
	json_out_object(out);
	for (unsigned i = 0; i < FAILURES; i++)
		if (sink->failures[i] > 0)
			put_uint(out, failure_name((enum failure)i), sink->failures[i]);
	json_out_object_end(out);
}

static void put_sinks(struct json_out *out, const struct record_delivery *delivery)
{
	json_out_key(out, "sinks");
	json_out_array(out);
	for (size_t i = 0; i < delivery->sink_count && i < RECORD_NETWORK_SINKS_MAX; i++) {
		const struct record_network_sink *sink = &delivery->sinks[i];

		json_out_object(out);
		put_string(out, "name", sink->name);
		put_backlog(out, sink);
		put_failures(out, sink);
		put_time(out, "last_success", sink->last_success);
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

void encode_delivery(struct json_out *out, const struct record_delivery *delivery)
{
	json_out_key(out, "clock_offset_s");
	if (delivery->has_clock_offset)
		json_out_number(out, delivery->clock_offset_s, PUT_UNIT_DECIMALS);
	else
		json_out_null(out);
	json_out_key(out, "spool");
	json_out_object(out);
	put_uint(out, "records", delivery->records);
	put_uint(out, "bytes", delivery->bytes);
	put_number(out, "age_s", delivery->age_s, PUT_UNIT_DECIMALS);
	put_dropped(out, delivery);
	put_string(out, "error", delivery->error);
	json_out_object_end(out);
	put_sinks(out, delivery);
}
