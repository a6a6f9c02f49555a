/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_TABLE_H
#define COLLECT_PAGE_PAGE_TABLE_H

#include "report/text/markup.h"

/*
 * A table, written front to back. It scrolls by itself where it is wider than the window, by
 * keyboard, too. In a narrow window the style sheet stacks the cells of a row, each with the head
 * of its column. Names, heads and classes are ours and are not escaped.
 */
struct page_table {
	struct markup *out;
	const char *const *heads;
	unsigned column; /* of the cell that is open */
};

/* Begins a table, up to its first row. HEADS ends with NULL and outlives the table. */
struct page_table page_table_begin(struct markup *out, const char *name, const char *const heads[]);

/* Begins a row and its header, the first cell. CLASS: NULL for none. */
void page_table_row(struct page_table *table, const char *class);

/* Ends the cell before and begins the next one. CLASS: NULL for none. */
void page_table_cell(struct page_table *table, const char *class);

void page_table_row_end(const struct page_table *table);
void page_table_end(const struct page_table *table);

#endif
