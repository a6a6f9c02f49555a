/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_TELL_H
#define VANTAGE_PATH_TELL_H

#include "infer/path/path_summary.h"
#include "report/record/record.h"
#include "vantage/path/path_plan.h"
#include "vantage/path/path_units.h"

/* What is said of the end of a path, with what the record borrows. */
struct path_words {
	struct record_path path;
	struct bw_prefix exempt[RECORD_EXEMPT_MAX];
	char text[PATH_TEXT];
};

/*
 * Where the path to a block, a network or a target ends, as far as its traces show it. SUBJECT:
 * its name. Returns NULL where none of them was made, or all end at the vantage's own hops.
 */
const struct record_path *path_tell(const struct path_units *units, const struct path_plan *plan,
				    enum bw_scope scope, uint32_t number, const char *subject,
				    struct path_words *words);

/* The same for a block, by its prefix. */
const struct record_path *path_tell_block(const struct path_units *units,
					  const struct path_plan *plan, uint32_t block,
					  struct path_words *words);

/* A unit of a target whose path ends behind LAST; UINT32_MAX: there is none. */
uint32_t path_tell_example(const struct path_units *units, uint32_t target,
			   const struct record_place *last);

#endif
