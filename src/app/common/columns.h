/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_COLUMNS_H
#define APP_COMMON_COLUMNS_H

#include <stdio.h>

#include "report/text/table.h"

/*
 * A table (report/text/table.h) that is filled cell by cell with printf formats, and
 * printed with columns of equal width. If memory runs out while it is filled,
 * columns_print() returns -ENOMEM.
 */
struct columns {
	struct table table;
	unsigned next; /* column of the next cell */
	struct paint paint;
	FILE *out;
};

/* Prepares a table with these COUNT titles, which are borrowed, to be printed to OUT. */
void columns_init(struct columns *columns, const struct table_column *titles, unsigned count,
		  FILE *out);
void columns_fini(struct columns *columns);

/*
 * Fills the next cell. After the last column of a row it begins the next row. Text is cut at
 * TABLE_CELL bytes; characters that could control a terminal are replaced.
 */
void columns_add(struct columns *columns, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints the table; cuts it to the width of the screen if OUT is a terminal. 0 or -ENOMEM. */
int columns_print(const struct columns *columns);

#endif
