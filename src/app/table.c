/* SPDX-License-Identifier: Apache-2.0 */
#include "app/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct table {
	const char *const *headings;
	size_t columns;
	char **cells; /* row by row */
	size_t count, capacity;
	bool failed;
};

struct table *table_new(const char *const *headings)
{
	struct table *table = (struct table *)calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->headings = headings;
	while (headings[table->columns])
		table->columns++;
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table);
}

static bool grow(struct table *table)
{
	size_t capacity = table->capacity ? table->capacity * 2 : 64;
	char **cells;

	if (table->count < table->capacity)
		return true;
	cells = (char **)realloc(table->cells, capacity * sizeof(*cells));
	if (!cells)
		return false;
	table->cells = cells;
	table->capacity = capacity;
	return true;
}

void table_add(struct table *table, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	if (!table || table->failed)
		return;
	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length >= 0 && grow(table)) {
		table->cells[table->count++] = text;
		return;
	}
	if (length >= 0)
		free(text);
	table->failed = true;
}

/* In characters, which is right for all scripts that are one column wide. */
static size_t measure(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static size_t measure_column(const struct table *table, size_t column)
{
	size_t width = measure(table->headings[column] + 1);

	for (size_t i = column; i < table->count; i += table->columns) {
		size_t cell = measure(table->cells[i]);

		width = cell > width ? cell : width;
	}
	return width;
}

static void print_cell(const struct table *table, size_t column, size_t width, const char *text,
		       FILE *out)
{
	int space = (int)(width - measure(text));
	bool last = column + 1 == table->columns;

	if (table->headings[column][0] == '>')
		fprintf(out, "%*s%s%s", space, "", text, last ? "\n" : "  ");
	else
		fprintf(out, "%s%*s", text, last ? 0 : space + 2, last ? "\n" : "");
}

int table_print(const struct table *table, FILE *out)
{
	size_t *widths;

	if (!table || table->failed)
		return -ENOMEM;
	widths = (size_t *)calloc(table->columns, sizeof(*widths));
	if (!widths)
		return -ENOMEM;
	for (size_t i = 0; i < table->columns; i++)
		widths[i] = measure_column(table, i);
	for (size_t i = 0; i < table->columns; i++)
		print_cell(table, i, widths[i], table->headings[i] + 1, out);
	for (size_t i = 0; i < table->count; i++)
		print_cell(table, i % table->columns, widths[i % table->columns], table->cells[i],
			   out);
	free(widths);
	return 0;
}
