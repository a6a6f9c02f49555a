/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_outages.h"

#include <stdlib.h>
#include <string.h>

#include "collect/page/page_table.h"
#include "collect/page/page_words.h"

#define OUTAGES_MAX 50

static const struct outage_book *book_of(const struct page_view *view)
{
	return &view->collector->teller.book;
}

/* An outage of a block that is all of its network stands there already. */
static bool is_twice(const struct page_view *view, const struct outage_entry *entry)
{
	struct bw_prefix prefix;

	return entry->scope == BW_SCOPE_BLOCK &&
	       bw_prefix_parse(entry->subject, &prefix, NULL) == 0 &&
	       board_find_network(view->board, entry->target, &prefix);
}

static bool is_shown(const struct page_view *view, const struct outage_entry *entry)
{
	return strcmp(entry->target, board_target(view->board, view->target)->name) == 0 &&
	       entry->outage.start_ns < view->until_ns && entry->outage.end_ns >= view->from_ns &&
	       !is_twice(view, entry);
}

/* What was withdrawn last; targets first, then the youngest. */
static int compare(const void *a, const void *b)
{
	const struct outage_entry *x = *(const struct outage_entry *const *)a;
	const struct outage_entry *y = *(const struct outage_entry *const *)b;

	if (x->withdrawn != y->withdrawn)
		return x->withdrawn ? 1 : -1;
	if (x->scope != y->scope)
		return x->scope > y->scope ? -1 : 1;
	if (x->outage.start_ns != y->outage.start_ns)
		return x->outage.start_ns > y->outage.start_ns ? -1 : 1;
	return x->id < y->id ? -1 : 1;
}

static void put_length(const struct page_view *view, const struct outage *outage)
{
	char length[BW_DURATION_TEXT], uncertainty[BW_DURATION_TEXT];
	const bool open = outage->end_ns == INT64_MAX;
	const int64_t end = open ? view->now_ns : outage->end_ns;
	const int64_t unsure =
		open ? outage->start_ns - outage->earliest_ns : outage_uncertainty(outage);

	markup_print(view->out, "<td>%s%s</td><td>%s</td>",
		     bw_duration_format(end - outage->start_ns, length), open ? " so far" : "",
		     bw_duration_format(unsure, uncertainty));
}

static void put_notes(const struct page_view *view, const struct outage_entry *entry)
{
	if (entry->withdrawn)
		markup_raw(view->out, "withdrawn");
	else
		markup_raw(view->out, entry->outage.end_ns == INT64_MAX ? "open" : "over");
	if (entry->outage.return_count > 0)
		markup_print(view->out, ", back for a short time %u time%s",
			     entry->outage.return_count,
			     entry->outage.return_count == 1 ? "" : "s");
	if (entry->revision > 1)
		markup_print(view->out, ", revision %llu", (unsigned long long)entry->revision);
}

static void put_entry(const struct page_view *view, const struct outage_entry *entry)
{
	markup_print(view->out, "<tr%s><th scope=\"row\">%s ",
		     entry->withdrawn ? " class=\"withdrawn\"" : "", bw_scope_name(entry->scope));
	markup_text(view->out, entry->subject);
	markup_raw(view->out, "</th><td>");
	page_words_time(view, entry->outage.start_ns);
	markup_raw(view->out, "</td><td>");
	if (entry->outage.end_ns == INT64_MAX)
		markup_raw(view->out, "it lasts");
	else
		page_words_time(view, entry->outage.end_ns);
	markup_raw(view->out, "</td>");
	put_length(view, &entry->outage);
	markup_raw(view->out, "<td class=\"wide\">");
	put_notes(view, entry);
	markup_raw(view->out, "</td></tr>\n");
}

static void put_table(const struct page_view *view, const char *name,
		      const struct outage_entry *const *list, uint32_t count)
{
	static const char *const heads[] = {"Of",           "Start",  "End", "Length",
					    "Give or take", "Status", NULL};

	page_table_begin(view->out, name, heads);
	for (uint32_t n = 0; n < count && n < OUTAGES_MAX; n++)
		put_entry(view, list[n]);
	page_table_end(view->out);
	if (count > OUTAGES_MAX)
		markup_print(view->out, "<p>%u more are left out.</p>\n", count - OUTAGES_MAX);
}

/* LIST begins with those that STAND. */
static void put_list(const struct page_view *view, const struct outage_entry *const *list,
		     uint32_t stand, uint32_t count)
{
	markup_raw(view->out, "<section aria-labelledby=\"outages\">\n"
			      "<h2 id=\"outages\">Outages in this time</h2>\n");
	if (stand > 0)
		put_table(view, "Table of outages", list, stand);
	else
		markup_raw(view->out, "<p>None.</p>\n");
	if (count > stand) {
		markup_print(view->out,
			     "<details id=\"withdrawn\"><summary>%u withdrawn: later records "
			     "disprove %s</summary>\n",
			     count - stand, count - stand == 1 ? "it" : "them");
		put_table(view, "Table of withdrawn outages", list + stand, count - stand);
		markup_raw(view->out, "</details>\n");
	}
	markup_raw(view->out, "</section>\n");
}

void page_outages(const struct page_view *view)
{
	const struct outage_book *book = book_of(view);
	const struct outage_entry **list = calloc(book->entries.count + 1, sizeof(*list));
	uint32_t count = 0, stand = 0;

	if (!list) {
		view->out->failed = true;
		return;
	}
	for (uint32_t n = 0; n < book->entries.count; n++)
		if (is_shown(view, outage_book_get(book, n)))
			list[count++] = outage_book_get(book, n);
	qsort(list, count, sizeof(*list), compare);
	while (stand < count && !list[stand]->withdrawn)
		stand++;
	put_list(view, list, stand, count);
	free(list);
}
