/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_TABLE_H
#define COLLECT_PAGE_PAGE_TABLE_H

#include "report/text/markup.h"

/*
 * Begins a table, up to its first row. It scrolls by itself where it is wider than the window,
 * by keyboard, too. HEADS ends with NULL. Both are ours and are not escaped.
 */
void page_table_begin(struct markup *out, const char *name, const char *const heads[]);
void page_table_end(struct markup *out);

#endif
