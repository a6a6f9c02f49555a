/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHEET_H
#define APP_SHEET_H

#include "report/text/table.h"

/*
 * A table (report/text/table.h) filled cell after cell by printf, for standard
 * output. Memory that runs out makes sheet_print() return -ENOMEM.
 */
struct sheet {
	struct table table;
	unsigned next; /* column */
	struct paint paint;
};

/* COLUMNS is borrowed. */
void sheet_init(struct sheet *sheet, const struct table_column *columns, unsigned count);
void sheet_fini(struct sheet *sheet);

/* Fills the next cell; behind the last column of a row begins the next row. */
void sheet_add(struct sheet *sheet, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints to standard output, cut to the screen where that is a terminal. 0 or -ENOMEM. */
int sheet_print(const struct sheet *sheet);

#endif
