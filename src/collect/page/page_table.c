/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_table.h"

void page_table_begin(struct markup *out, const char *name, const char *const heads[])
{
	markup_print(out,
		     "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
		     "<table>\n<thead><tr>",
		     name);
	for (; *heads; heads++)
		markup_print(out, "<th scope=\"col\">%s</th>", *heads);
	markup_raw(out, "</tr></thead>\n<tbody>\n");
}

void page_table_end(struct markup *out)
{
	markup_raw(out, "</tbody></table></div>\n");
}
