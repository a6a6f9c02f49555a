/* SPDX-License-Identifier: Apache-2.0 */
#include "report/state/state_hearing.h"

#include "report/state/state_out.h"

void state_hearing_put(struct json_out *out, const struct state_hearing *hearing)
{
	if (hearing->heard_ns == 0)
		return;
	json_out_key(out, "hearing");
	json_out_object(out);
	state_out_integer(out, "heard_ns", hearing->heard_ns);
	state_out_integer(out, "silent_ns", hearing->silent_ns);
	state_out_integer(out, "longest_ns", hearing->longest_ns);
	state_out_number(out, "nats", hearing->nats);
	state_out_integer(out, "heard_half_hours", (int64_t)hearing->heard_half_hours);
	state_out_integer(out, "silent_half_hours", (int64_t)hearing->silent_half_hours);
	json_out_object_end(out);
}

void state_hearing_read(struct scan *scan, struct state_hearing *hearing)
{
	if (!scan_has(scan, "hearing"))
		return;
	scan_open(scan);
	hearing->heard_ns = scan_want_integer(scan, "heard_ns", INT64_MAX);
	hearing->silent_ns = scan_has_integer(scan, "silent_ns", INT64_MAX);
	hearing->longest_ns = scan_has_integer(scan, "longest_ns", INT64_MAX);
	hearing->nats = scan_has_decimal(scan, "nats");
	hearing->heard_half_hours =
		(uint64_t)scan_has_integer(scan, "heard_half_hours", INT64_MAX);
	hearing->silent_half_hours =
		(uint64_t)scan_has_integer(scan, "silent_half_hours", INT64_MAX);
	scan_close(scan);
}

void state_hearing_put_lateness(struct json_out *out, const struct state_lateness *lateness)
{
	if (lateness->answers == 0)
		return;
	state_out_integer(out, "answers", lateness->answers);
	state_out_chance(out, "late", lateness->late);
	state_out_integer(out, "late_ns", lateness->late_ns);
}

void state_hearing_read_lateness(struct scan *scan, struct state_lateness *lateness)
{
	if (!scan_has(scan, "answers"))
		return;
	lateness->answers = (uint32_t)scan_integer(scan, UINT32_MAX);
	lateness->late = scan_has(scan, "late") ? scan_decimal(scan) : -1;
	lateness->late_ns = scan_has_integer(scan, "late_ns", INT64_MAX);
}
