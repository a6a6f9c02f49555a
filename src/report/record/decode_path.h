/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_DECODE_PATH_H
#define REPORT_RECORD_DECODE_PATH_H

#include "report/record/record.h"
#include "report/record/take.h"

/* A path that was read, with its list. */
struct decode_path_memory {
	struct record_path path;
	struct bw_prefix exempt[RECORD_EXEMPT_MAX];
};

/* The member "path", which MEMORY then holds. NULL where null stands, or nothing. */
const struct record_path *decode_path(struct take *take, struct decode_path_memory *memory);

#endif
