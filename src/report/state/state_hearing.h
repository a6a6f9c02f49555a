/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_HEARING_H
#define REPORT_STATE_STATE_HEARING_H

#include "json/json_out.h"
#include "json/scan.h"
#include "report/state/state.h"

/*
 * Members of lines of a state file: when blocks answered, and how late their answers came. What
 * was not learned is left out. A failure stays in the scan. Whether the values are right is checked
 * in state_check.h.
 */
void state_hearing_put(struct json_out *out, const struct state_hearing *hearing);
void state_hearing_read(struct scan *scan, struct state_hearing *hearing);

/* "answers", "late" and "late_ns" of the object that is open. */
void state_hearing_put_lateness(struct json_out *out, const struct state_lateness *lateness);
void state_hearing_read_lateness(struct scan *scan, struct state_lateness *lateness);

#endif
