/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_LINE_H
#define SHIP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * The head of an encoded record: what delivery needs to know of a line. It is read from the
 * text in the one form in which records are written, without a JSON parser:
 *
 *	{"schema":"blockwatch/record/1","type":"...","vantage":"...","boot":"...","seq":N,
 *	"time":"...","target":"...",...
 */
#define SHIP_LINE_MARK "{\"schema\":\"blockwatch/record/1\",\"type\":\""

/* A piece of the line, as it is written there (escapes are not undone). */
struct ship_text {
	const char *text; /* not terminated; borrowed from the line */
	size_t length;
};

struct ship_line {
	struct ship_text type, vantage, boot, time;
	uint64_t seq;            /* from 1 */
	struct ship_text target; /* length 0: the record has none */
};

/*
 * Reads the head of a line (LENGTH with or without its newline). Returns 0, or BW_ERR_SYNTAX for
 * what is no record. What stands behind the head is not looked at.
 */
int ship_line_scan(const char *text, size_t length, struct ship_line *ret_line);

/* Whether the piece is this word. */
bool ship_text_is(const struct ship_text *text, const char *word);

/* Copies it, terminated. Returns false if it does not fit; then "" is copied. */
bool ship_text_copy(const struct ship_text *text, char *buffer, size_t size);

/* The time of the line; 0 if it is none. */
struct bw_wall ship_line_time(const struct ship_line *line);

#endif
