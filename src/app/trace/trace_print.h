/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TRACE_PRINT_H
#define APP_TRACE_PRINT_H

#include "app/common/identity.h"
#include "app/trace/trace_flows.h"
#include "app/trace/trace_record.h"
#include "report/trace/trace_text.h"
#include "sys/disk/json_lines.h"
#include "sys/net/names.h"

/* Prints traces, as text or as records, and counts the destinations that were reached. */
struct trace_print {
	bool json;
	bool live; /* text: print the hops of the only trace as they become known */
	struct trace_record record;
	struct trace_text text;
	struct json_lines lines;
	struct trace_flows flows;
	struct names *names; /* borrowed; NULL: not wanted */
	char host[IDENTITY_HOST_TEXT], boot[IDENTITY_BOOT_TEXT];
	uint64_t seq;
	bool *reached; /* by destination */
	uint32_t reached_count;
};

/*
 * RECORD says what records are made of. NAMES gives names of hops to the text, or is NULL.
 * Returns 0 or -ENOMEM; call fini in both cases.
 */
int trace_print_init(struct trace_print *print, const struct trace_record *record, bool json,
		     struct names *names, struct bw_err *err);
void trace_print_fini(struct trace_print *print);

/* Asks for the names of hops that are known; prints those from TTL 1 on, if it is live. */
void trace_print_hop(void *self, const struct trace *trace);

/* Prints a trace that is done. */
void trace_print_trace(void *self, const struct trace *trace, struct bw_now now);

/* Returns 0, or an error if standard output could not be written. */
int trace_print_end(struct trace_print *print, struct bw_err *err);

#endif
