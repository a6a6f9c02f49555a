/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_ENCODE_PATH_H
#define REPORT_RECORD_ENCODE_PATH_H

#include "report/record/record.h"
#include "json/json_out.h"

/* The member "path" of an event or a trace; PATH NULL: null. */
void encode_path(struct json_out *out, const struct record_path *path);

/* Its value alone. */
void encode_path_value(struct json_out *out, const struct record_path *path);

#endif
