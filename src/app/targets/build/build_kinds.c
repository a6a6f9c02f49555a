/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/build/build_kinds.h"

#include <string.h>

#include "target/list/lines.h"

static void begin_delegated(struct build_reading *reading)
{
	reading->delegated = delegated_of(reading->country, &reading->inputs.delegated);
}

static void *self_delegated(struct build_reading *reading)
{
	return &reading->delegated;
}

static int end_delegated(struct build_reading *reading, char ret_day[CELL_DAY], struct bw_err *err)
{
	memcpy(ret_day, reading->delegated.day, CELL_DAY);
	return delegated_end(&reading->delegated, err);
}

const struct build_kind build_kind_delegated = {"delegated", begin_delegated, delegated_line,
						self_delegated, end_delegated};

static void begin_ranges(struct build_reading *reading)
{
	ranges_begin(&reading->inputs.ranges);
}

static void *self_ranges(struct build_reading *reading)
{
	return &reading->inputs.ranges;
}

static int end_ranges(struct build_reading *reading, char ret_day[CELL_DAY], struct bw_err *err)
{
	memcpy(ret_day, reading->inputs.ranges.day, CELL_DAY);
	return ranges_end(&reading->inputs.ranges, err);
}

const struct build_kind build_kind_ranges = {"ranges", begin_ranges, ranges_line, self_ranges,
					     end_ranges};

static void begin_second(struct build_reading *reading)
{
	ranges_begin(&reading->second);
}

static void *self_second(struct build_reading *reading)
{
	return &reading->second;
}

static int end_second(struct build_reading *reading, char ret_day[CELL_DAY], struct bw_err *err)
{
	int result = ranges_end(&reading->second, err);

	memcpy(ret_day, reading->second.day, CELL_DAY);
	if (result == 0 && reading->second.placed == 0)
		return bw_err_set(err, BW_ERR_VALUE, "no country in it: take one with countries");
	return result;
}

const struct build_kind build_kind_second = {"second", begin_second, ranges_line, self_second,
					     end_second};

static void begin_announced(struct build_reading *reading)
{
	announced_begin(&reading->inputs.announced);
}

static void *self_announced(struct build_reading *reading)
{
	return &reading->inputs.announced;
}

static int end_announced(struct build_reading *reading, char ret_day[CELL_DAY], struct bw_err *err)
{
	return announced_end(&reading->inputs.announced, ret_day, err);
}

const struct build_kind build_kind_announced = {"announced", begin_announced, announced_line,
						self_announced, end_announced};

static void begin_hitlist(struct build_reading *reading)
{
	reading->hitlist = hitlist_of(&reading->hits);
}

static void *self_hitlist(struct build_reading *reading)
{
	return &reading->hitlist;
}

static int end_hitlist(struct build_reading *reading, char ret_day[CELL_DAY], struct bw_err *err)
{
	(void)ret_day;
	return hitlist_end(&reading->hitlist, err);
}

const struct build_kind build_kind_hitlist = {"hitlist", begin_hitlist, hitlist_line, self_hitlist,
					      end_hitlist};

static void begin_exclude(struct build_reading *reading)
{
	(void)reading;
}

/* A list of what to leave out: the forms and the comments of block lists. */
static int exclude_line(void *self, const struct text_line *line, struct bw_err *err)
{
	struct lines lines = lines_of(line->at, line->length, NULL);
	struct span span;
	int result;

	lines.ignore_words = true;
	while ((result = lines_next(&lines, &span, err)) > 0) {
		result = range_set_add_prefix(self, &span.prefix, 0);
		if (result < 0)
			return bw_err_set(err, result, "out of memory");
	}
	return result;
}

static void *self_exclude(struct build_reading *reading)
{
	return &reading->inputs.excluded;
}

static int end_exclude(struct build_reading *reading, char ret_day[CELL_DAY], struct bw_err *err)
{
	(void)reading;
	(void)ret_day;
	(void)err;
	return 0;
}

const struct build_kind build_kind_exclude = {"exclude", begin_exclude, exclude_line, self_exclude,
					      end_exclude};
