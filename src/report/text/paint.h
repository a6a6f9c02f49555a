/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEXT_PAINT_H
#define REPORT_TEXT_PAINT_H

#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/verdict.h>

/*
 * What the terminal can show, as the caller has decided: colours (it is a terminal, and
 * NO_COLOR is not set) and characters beyond ASCII. With `utf8` the caller has set a UTF-8
 * locale (LC_CTYPE), which gives the width of characters. A colour never says more than
 * the word that it is used for.
 */
struct paint {
	bool colour;
	bool utf8;
};

enum paint_style {
	PAINT_PLAIN,
	PAINT_BOLD,
	PAINT_GREEN,
	PAINT_YELLOW,
	PAINT_RED,
	PAINT_DIM,
};

/* Up is green, flapping yellow, dark and partly dark red, unknown dim. */
enum paint_style paint_of(enum bw_verdict verdict);

/* The escape sequences around a text of this style; "" when nothing is to be written. */
const char *paint_begin(const struct paint *paint, enum paint_style style);
const char *paint_end(const struct paint *paint, enum paint_style style);

/*
 * Makes TEXT safe for a terminal: control characters and bidirectional overrides become
 * '?', without `utf8` all characters beyond ASCII too. A text that is too long is cut at a
 * whole character. SIZE is at least 1. Returns buffer.
 */
char *paint_clean(const struct paint *paint, const char *text, char *buffer, size_t size);

/* Columns on the terminal of a text that paint_clean() made. */
size_t paint_width(const char *clean);

/* How many bytes of such a text, in whole characters, fit into WIDTH columns. */
size_t paint_fit(const char *clean, size_t width);

/* One column wide: something was cut here. */
const char *paint_ellipsis(const struct paint *paint);

#endif
