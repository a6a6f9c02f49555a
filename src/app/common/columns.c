/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/columns.h"

#include <limits.h>
#include <stdarg.h>

#include "app/common/terminal.h"

void columns_init(struct columns *columns, const struct table_column *titles, unsigned count,
		  FILE *out)
{
	table_init(&columns->table, titles, count);
	columns->next = 0;
	columns->out = out;
	columns->paint = terminal_paint(fileno(out));
}

void columns_fini(struct columns *columns)
{
	table_fini(&columns->table);
}

void columns_add(struct columns *columns, const char *format, ...)
{
	char text[TABLE_CELL], clean[TABLE_CELL];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (columns->next == 0)
		table_row(&columns->table);
	table_cell(&columns->table, columns->next, PAINT_PLAIN,
		   paint_clean(&columns->paint, text, clean, sizeof(clean)));
	columns->next = (columns->next + 1) % columns->table.column_count;
}

int columns_print(const struct columns *columns)
{
	unsigned width = terminal_width(fileno(columns->out));

	return table_print(&columns->table, &columns->paint, width ? width : UINT_MAX,
			   columns->out);
}
