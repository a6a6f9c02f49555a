/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/columns.h"

#include <limits.h>
#include <stdarg.h>
#include <unistd.h>

#include "app/common/terminal.h"

void sheet_init(struct sheet *sheet, const struct table_column *columns, unsigned count)
{
	table_init(&sheet->table, columns, count);
	sheet->next = 0;
	sheet->paint = terminal_paint(STDOUT_FILENO);
}

void sheet_fini(struct sheet *sheet)
{
	table_fini(&sheet->table);
}

void sheet_add(struct sheet *sheet, const char *format, ...)
{
	char text[TABLE_CELL], clean[TABLE_CELL];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (sheet->next == 0)
		table_row(&sheet->table);
	table_cell(&sheet->table, sheet->next, PAINT_PLAIN,
		   paint_clean(&sheet->paint, text, clean, sizeof(clean)));
	sheet->next = (sheet->next + 1) % sheet->table.column_count;
}

int sheet_print(const struct sheet *sheet)
{
	unsigned columns = terminal_columns(STDOUT_FILENO);

	return table_print(&sheet->table, &sheet->paint, columns ? columns : UINT_MAX, stdout);
}
