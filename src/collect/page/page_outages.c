/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_outages.h"

#include <stdlib.h>
#include <string.h>

#include "collect/page/page_table.h"
#include "collect/page/page_words.h"
#include "collect/tell/outage_facts.h"
#include "json/document.h"
#include "json/node.h"

#define OUTAGES_MAX 50
#define WAYS_MAX 20

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

/* "3. in a row, 01:00 to 09:00 local" */
static void put_series(const struct page_view *view, const struct outage_entry *entry)
{
	const struct zone *zone = view->clock.offset_s ? view->clock.arg : NULL;
	const struct outage_book *book = book_of(view);
	const uint32_t number = (uint32_t)(entry - outage_book_get(book, 0));
	struct series series;

	if (outage_facts_series(book, view->board, number, zone, &series))
		markup_print(view->out, ", number %u in a row: %02u:%02u to %02u:%02u %s",
			     series.count, series.from_m / 60, series.from_m % 60,
			     series.until_m / 60, series.until_m % 60, zone ? "local" : "UTC");
}

static void put_vantages(const struct page_view *view, const struct outage_entry *entry)
{
	uint32_t numbers[BOARD_VANTAGES_MAX];
	const size_t count = outage_facts_vantages(view->board, entry, view->now_ns, numbers);

	for (size_t n = 0; n < count; n++) {
		markup_raw(view->out, n == 0 ? ", dark to <bdi>" : ", <bdi>");
		markup_text(view->out, view->collector->fleet.list[numbers[n]].name);
		markup_raw(view->out, "</bdi>");
	}
}

static void put_facts(const struct page_view *view, const struct outage_entry *entry)
{
	put_series(view, entry);
	if (entry->onset != BW_ONSET_UNKNOWN)
		markup_print(view->out, ", %s onset", bw_onset_name(entry->onset));
	put_vantages(view, entry);
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
	put_facts(view, entry);
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

/* The sentence of a path, as its record has it; "" where there is none. */
static void put_sentence(const struct page_view *view, const char *path)
{
	static const struct document_form form = {.max = RECORD_LINE_MAX, .wide = true};
	struct document document = {.file = "path"};
	struct node root, text;

	if (document_parse(&document, &form, path, strlen(path)) < 0)
		return;
	root = node_root(&document);
	text = node_member(&root, "text");
	markup_text(view->out, node_text(&text));
	document_fini(&document);
}

/* Where the way ended, of those outages of which a trace was made. */
static void put_ways(const struct page_view *view, const struct outage_entry *const *list,
		     uint32_t count)
{
	unsigned shown = 0;

	for (uint32_t n = 0; n < count && shown < WAYS_MAX; n++) {
		if (!list[n]->path)
			continue;
		if (shown++ == 0)
			markup_raw(view->out, "<section aria-labelledby=\"ways\">\n"
					      "<h2 id=\"ways\">Where the way ends</h2>\n<ul>\n");
		markup_print(view->out, "<li>%s ", bw_scope_name(list[n]->scope));
		markup_text(view->out, list[n]->subject);
		markup_raw(view->out, ", outage of ");
		page_words_time(view, list[n]->outage.start_ns);
		markup_raw(view->out, ": ");
		put_sentence(view, list[n]->path);
		markup_raw(view->out, "</li>\n");
	}
	if (shown > 0)
		markup_raw(view->out, "</ul>\n</section>\n");
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
	put_ways(view, list, stand);
	free(list);
}
