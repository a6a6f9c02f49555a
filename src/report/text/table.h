/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEXT_TABLE_H
#define REPORT_TEXT_TABLE_H

#include <stdint.h>
#include <stdio.h>

#include "report/text/paint.h"

/*
 * A table of text. Each column is as wide as its widest cell, measured in columns of the
 * terminal, with two spaces between columns and none at the end of a line. A column without
 * text is left out. One column may give way: it is cut, down to TABLE_LEAST columns, when
 * the table is wider than the screen.
 */
#define TABLE_COLUMNS 8
#define TABLE_CELL 416 /* bytes of a cell, with terminator; what is longer is cut */
#define TABLE_LEAST 8

struct table_column {
	const char *title; /* ASCII */
	bool right;        /* aligned, for numbers */
	bool gives_way;
};

struct table {
	const struct table_column *columns;
	unsigned column_count;
	struct table_row *rows;
	size_t row_count, row_room;
	int error; /* 0 or -ENOMEM: a row is missing */
};

/* COLUMNS is borrowed, at most TABLE_COLUMNS. */
void table_init(struct table *table, const struct table_column *columns, unsigned count);
void table_fini(struct table *table);

/* Begins the next row; its cells are empty. */
void table_row(struct table *table);

/* Sets a cell of the last row. TEXT must be clean (paint_clean). */
void table_cell(struct table *table, unsigned column, enum paint_style style, const char *text);

/*
 * Likewise, for a text that takes the rest of the row from this column (not the
 * last) on and widens no column: GIVING, which is cut where the screen has no room
 * for both, then FIXED.
 */
void table_span(struct table *table, unsigned column, const char *giving, const char *fixed);

/*
 * Prints titles and rows for a screen of so many columns; nothing without rows.
 * Returns 0 or -ENOMEM; errors of OUT stay in OUT.
 */
int table_print(const struct table *table, const struct paint *paint, unsigned screen, FILE *out);

#endif
