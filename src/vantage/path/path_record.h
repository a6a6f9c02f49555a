/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_RECORD_H
#define VANTAGE_PATH_RECORD_H

#include "infer/path/baseline.h"
#include "probe/trace/trace.h"
#include "report/record/record.h"
#include "vantage/path/path_plan.h"

/* What TRACE has found, for the inference. */
struct path path_of_trace(const struct trace *trace);

/* What an unreachable says of the end of a path; PATH_KIND_UNKNOWN: nothing. */
enum path_kind path_kind_of(enum reply_kind reply);

/* A trace for its record, with the lists that the record borrows. */
struct path_record {
	struct record_trace trace;
	struct record_trace_hop hops[TRACE_TTL_MAX];
	struct record_change changes[RECORD_CHANGES_MAX];
};

/* A hop that is KNOWN, as a record has it, labelled by PLAN. */
struct record_trace_hop path_record_hop(const struct trace_hop *hop, const struct path_plan *plan);

/*
 * Fills in hops and how the trace went. Hops that a backward trace left out are those of the
 * baseline, where it met that. BASELINE: what the path is compared with; all zeros: nothing. Hops
 * up to the plan's privacy_ttl are hidden, wherever they are met. The caller sets target, block,
 * event and path.
 */
void path_record_fill(struct path_record *record, const struct trace *trace,
		      const struct baseline *baseline, const struct hop_table *table,
		      const struct path_plan *plan);

#endif
