/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_READ_RESUME_H
#define SHIP_READ_RESUME_H

#include <stdbool.h>

#include "ship/line.h"
#include "ship/position.h"

/*
 * Finds where to read on in a segment that was rewritten since the place in it was noted: behind
 * the last line that stands before (boot, seq). The lines of the segment are given one after the
 * other. When none of them is of the place's boot, it is the start of the segment: then
 * records can be sent again, and none is left out.
 */
struct resume {
	const struct position_place *place; /* borrowed */
	uint64_t offset;                    /* so far */
	bool reached; /* a line is that of the place, or a later one of its boot */
};

void resume_init(struct resume *resume, const struct position_place *place);

/* A line; END is the offset behind it. */
void resume_line(struct resume *resume, const struct ship_line *line, uint64_t end);

/* Where to read on. */
uint64_t resume_offset(const struct resume *resume);

/* Whether this line is the one of the place. */
bool resume_is_place(const struct position_place *place, const struct ship_line *line);

#endif
