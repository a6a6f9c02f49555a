/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_REPEAT_PART_H
#define COLLECT_FOLLOW_REPEAT_PART_H

#include <blockwatch/prefix.h>

#include "base/array.h"
#include "base/cursor.h"

/*
 * What the vantages of a request have said of blocks once more, as bytes: some ten a block. The
 * bytes are entries. A name (of the vantage, of the target) holds for the entries behind it.
 */
struct repeat {
	const char *vantage, *target;
	struct bw_prefix block;
	int64_t said_ns;
	bool has_conditions; /* so are the conditions of the block */
};

/* A part that is being written; {.bytes = array_of(1)} is an empty one. */
struct repeat_part {
	struct array bytes;
	const char *vantage, *target; /* that hold at its end; NULL: none yet */
	int64_t said_ns;              /* of the entry before */
};

/* Adds an entry, whose names stay there until the part is finished. Returns 0 or -ENOMEM. */
int repeat_part_add(struct repeat_part *part, const struct repeat *repeat);

struct repeat_reader {
	struct cursor cursor;
	const char *vantage, *target;
	int64_t said_ns;
};

void repeat_reader_init(struct repeat_reader *reader, const void *bytes, size_t length);

/* False: there is no other one, or what follows is damaged. The names are within the bytes. */
bool repeat_reader_next(struct repeat_reader *reader, struct repeat *ret_repeat);

#endif
