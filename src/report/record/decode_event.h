/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_DECODE_EVENT_H
#define REPORT_RECORD_DECODE_EVENT_H

#include "report/record/decode_path.h"
#include "report/record/record.h"
#include "report/record/take.h"

/* The members of an event. The error, if any, is in `take`; strings belong to its document. */
void decode_event(struct take *take, struct decode_path_memory *memory,
		  struct record_event *event);

#endif
