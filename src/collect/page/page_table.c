/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_table.h"

struct page_table page_table_begin(struct markup *out, const char *name, const char *const heads[])
{
	/* Stacked cells lose the roles that elements of a table have by themselves. */
	markup_print(out,
		     "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
		     "<table role=\"table\">\n<thead role=\"rowgroup\"><tr role=\"row\">",
		     name);
	for (unsigned n = 0; heads[n]; n++)
		markup_print(out, "<th scope=\"col\" role=\"columnheader\">%s</th>", heads[n]);
	markup_raw(out, "</tr></thead>\n<tbody role=\"rowgroup\">\n");
	return (struct page_table){.out = out, .heads = heads};
}

void page_table_row(struct page_table *table, const char *class)
{
	table->column = 0;
	if (class)
		markup_print(table->out, "<tr role=\"row\" class=\"%s\">", class);
	else
		markup_raw(table->out, "<tr role=\"row\">");
	markup_raw(table->out, "<th scope=\"row\" role=\"rowheader\">");
}

static void end_cell(const struct page_table *table)
{
	markup_raw(table->out, table->column == 0 ? "</th>" : "</td>");
}

void page_table_cell(struct page_table *table, const char *class)
{
	end_cell(table);
	table->column++;
	markup_print(table->out, "<td role=\"cell\" data-label=\"%s\"",
		     table->heads[table->column]);
	if (class)
		markup_print(table->out, " class=\"%s\"", class);
	markup_raw(table->out, ">");
}

void page_table_row_end(const struct page_table *table)
{
	end_cell(table);
	markup_raw(table->out, "</tr>\n");
}

void page_table_end(const struct page_table *table)
{
	markup_raw(table->out, "</tbody></table></div>\n");
}
