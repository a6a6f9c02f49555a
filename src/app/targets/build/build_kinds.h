/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_BUILD_BUILD_KINDS_H
#define APP_TARGETS_BUILD_BUILD_KINDS_H

#include "app/targets/build/build_inputs.h"
#include "target/build/delegated.h"
#include "target/build/hitlist.h"
#include "target/build/networks.h"
#include "target/tables/text_lines.h"

/* What the inputs of one target have said so far. */
struct build_reading {
	const struct build_request *request;
	struct bw_target *target;
	struct networks_inputs inputs;
	struct ranges second;
	struct range_set space;
	struct delegated delegated; /* of the current file */
	struct hitlist hitlist;     /* likewise */
	struct hits hits;
	const char *country; /* "": none */
};

/*
 * One kind of input: the option that names it, and how its files are read: begin(), line() with
 * self() for each line, then end().
 */
struct build_kind {
	const char *use;
	void (*begin)(struct build_reading *reading);
	text_reader line;
	void *(*self)(struct build_reading *reading);
	/* RET_DAY "": the file says no date. */
	int (*end)(struct build_reading *reading, char ret_day[CELL_DAY], struct bw_err *err);
};

extern const struct build_kind build_kind_delegated, build_kind_ranges, build_kind_second,
	build_kind_announced, build_kind_hitlist, build_kind_exclude;

#endif
