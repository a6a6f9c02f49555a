/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TRACE_RECORD_H
#define APP_TRACE_RECORD_H

#include "app/trace/trace_destinations.h"
#include "report/record/record.h"
#include "vantage/path/path_plan.h"

/* A record of a trace, with its hops. */
struct trace_record {
	const struct trace_destinations *destinations; /* borrowed */
	struct path_plan plan;                         /* what is hidden; labels of hops */
	struct record_trace_hop hops[TRACE_TTL_MAX];
};

/*
 * Makes the record of a trace that is done, or of its first COUNT hops while it is under way.
 * It borrows from RECORD.
 */
struct record_trace trace_record_make(struct trace_record *record, const struct trace *trace,
				      uint8_t count);

#endif
