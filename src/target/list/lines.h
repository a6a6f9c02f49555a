/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_LINES_H
#define TARGET_LINES_H

#include <blockwatch/err.h>

#include "target/list/span.h"

/*
 * Plain lists, the form that zmap, masscan and fping take: one prefix or address
 * a line, '#' starts a comment, blank lines and space around do not count, lines
 * end in LF or CRLF. Used for targets and for block lists.
 */
struct lines {
	const char *at, *end;
	const char *file; /* for errors; NULL: none */
	uint32_t number;  /* of the current line, from 1 */
};

/* FILE may be NULL. A byte order mark of UTF-8 at the start is skipped. */
struct lines lines_of(const char *bytes, size_t length, const char *file);

/*
 * The next entry; its origin is its line. Returns 1; 0 at the end; or what
 * bw_prefix_parse() says, with file and line.
 */
int lines_next(struct lines *lines, struct span *ret_span, struct bw_err *err);

#endif
