/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_ENCODE_TRACE_H
#define REPORT_RECORD_ENCODE_TRACE_H

#include "report/record/record.h"
#include "json/json_out.h"

/* Writes the members that a trace has beside those of every record. */
void encode_trace(struct json_out *out, const struct record_trace *trace);

#endif
