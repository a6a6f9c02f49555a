/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_LINES_H
#define TARGET_LINES_H

#include <stdio.h>

#include <blockwatch/err.h>

#include "base/addr/addr_range.h"
#include "target/list/span.h"

/*
 * The one reader of plain lists: of targets, surveys and block lists. A line holds one
 * prefix, address or range of addresses ("a-b", blanks around the dash are allowed), the
 * form that zmap, masscan and fping take. '#' and ';' start a comment. Blank lines and
 * space around an entry do not count. Lines end in LF, CRLF or CR. A byte order mark of
 * UTF-8 at the start is skipped.
 */
struct lines {
	const char *at, *end;
	const char *file;  /* for errors; NULL: none */
	uint32_t number;   /* of the current line, from 1 */
	bool ignore_words; /* what follows an entry and white space is a comment */
	bool after_cr;
	struct addr_range range; /* what is left of the range of the current line */
	FILE *stream;            /* NULL: all bytes are there */
	char *buffer;
	size_t buffer_size;
};

/* Of bytes in memory. FILE may be NULL. */
struct lines lines_of(const char *bytes, size_t length, const char *file);

/*
 * Of a stream, which is read in pieces, so that a list is never in memory as a whole.
 * BUFFER is borrowed; a line that does not fit into it is an error.
 */
struct lines lines_of_stream(FILE *stream, char *buffer, size_t size, const char *file);

/*
 * The next entry; its origin is its line. A range gives one entry for each of its prefixes.
 * Returns 1; 0 at the end; or one of: BW_ERR_SYNTAX; BW_ERR_VALUE for a bad length or a range
 * whose ends do not fit; BW_ERR_MISSING when the stream cannot be read. Errors have file and
 * line.
 */
int lines_next(struct lines *lines, struct span *ret_span, struct bw_err *err);

#endif
