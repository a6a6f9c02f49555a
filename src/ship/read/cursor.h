/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_READ_CURSOR_H
#define SHIP_READ_CURSOR_H

#include <stddef.h>

#include "ship/line.h"

/*
 * Finds the records in the bytes of a segment. What is no record (a torn line, zeros of a
 * power cut, flipped bits) is found as damaged, up to the next thing that can be a record.
 */
enum cursor_kind {
	CURSOR_LINE,    /* a whole line whose head was read */
	CURSOR_DAMAGED, /* bytes that are no record */
	CURSOR_MORE,    /* the bytes end before the line does */
};

struct cursor_found {
	enum cursor_kind kind;
	size_t length; /* of the line with its newline, or of the damaged bytes */
	struct ship_line line;
};

/*
 * Looks at what begins at BYTES. A line longer than CURSOR_LINE_MAX is damaged. What follows the
 * head of a line is not looked at (ship/read/sound.h does).
 */
#define CURSOR_LINE_MAX 65536
void cursor_next(const char *bytes, size_t length, struct cursor_found *ret_found);

/* How many of these damaged bytes come before something that can be a record; LENGTH: all. */
size_t cursor_damaged_length(const char *bytes, size_t length);

#endif
