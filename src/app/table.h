/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TABLE_H
#define APP_TABLE_H

#include <stdio.h>

/*
 * Text in columns: as wide as their widest cell, two spaces between, nothing behind
 * the last. Cells are added row by row. Memory that runs out shows as missing rows and
 * makes table_print() return -ENOMEM.
 */
struct table;

/*
 * HEADINGS has one letter and a heading for each column, ends with NULL: "<NAME" is
 * flush left, ">HOSTS" flush right. Borrowed. NULL: out of memory.
 */
struct table *table_new(const char *const *headings);
void table_free(struct table *table);

/* Fills the next cell; TABLE may be NULL. */
void table_add(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Returns 0 or -ENOMEM. */
int table_print(const struct table *table, FILE *out);

#endif
