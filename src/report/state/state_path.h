/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_PATH_H
#define REPORT_STATE_STATE_PATH_H

#include "report/state/state_line.h"
#include "json/json_out.h"
#include "json/scan.h"

/*
 * The line of a path in a state file, behind its "type". A hop is a list of its TTL, address,
 * flows, rate and age. A failure stays in the scan; then what was read is not complete. Whether
 * the values are right is checked in state_check.h.
 */
void state_path_put(struct json_out *out, const struct state_path *path);
void state_path_line(struct state_line *line, struct scan *scan, struct state_path *ret_path);

#endif
