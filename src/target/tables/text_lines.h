/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_TABLES_TEXT_LINES_H
#define TARGET_TABLES_TEXT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/err.h>

/*
 * Cuts a text that arrives in pieces into lines, so that a file of millions of lines is never in
 * memory as a whole. Lines end in LF, CRLF or CR; a byte order mark of UTF-8 is skipped. What is
 * no text (an HTML page, a compressed or binary file) is refused by its first bytes.
 */
#define TEXT_LINE_MAX ((size_t)1 << 20) /* bytes of a line */

struct text_line {
	const char *at; /* without its end, not terminated */
	size_t length;
	uint32_t number; /* from 1 */
};

/* Reads one line. Returns 0 or an error, whose place text_lines_push() adds. */
typedef int (*text_reader)(void *self, const struct text_line *line, struct bw_err *err);

struct text_lines {
	const char *file; /* for errors; borrowed */
	text_reader reader;
	void *self;
	char *held; /* the beginning of a line whose end has not come yet */
	size_t held_length, held_room;
	uint32_t number;
	bool is_begun, after_cr;
};

struct text_lines text_lines_of(const char *file, text_reader reader, void *self);
void text_lines_fini(struct text_lines *text);

/*
 * Takes the next bytes, and the end. Each returns 0, what the reader returns, or one of:
 * BW_ERR_SYNTAX for what is no text; BW_ERR_LIMIT for a line that is too long; -ENOMEM. Errors
 * have file and line.
 */
int text_lines_push(struct text_lines *text, const char *bytes, size_t length, struct bw_err *err);
int text_lines_end(struct text_lines *text, struct bw_err *err);

/* The same for a text that is in memory as a whole. */
int text_lines_read(const char *file, const char *bytes, size_t length, text_reader reader,
		    void *self, struct bw_err *err);

#endif
