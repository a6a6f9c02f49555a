/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_DECODE_TRACE_H
#define REPORT_RECORD_DECODE_TRACE_H

#include "report/record/decode_path.h"
#include "report/record/record.h"
#include "report/record/take.h"

/* The hops of a trace that has been decoded; the caller keeps them with the record. */
struct decode_trace_hops {
	struct record_trace_hop list[TRACE_TTL_MAX];
	struct record_change changes[RECORD_CHANGES_MAX];
};

/*
 * The members of a trace, whose hops are then in HOPS and whose path is in MEMORY. The error, if
 * any, is in `take`; strings belong to its document.
 */
void decode_trace(struct take *take, struct decode_trace_hops *hops,
		  struct decode_path_memory *memory, struct record_trace *trace);

#endif
