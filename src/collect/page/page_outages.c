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
#define SHORT_NS (300 * BW_S) /* the bounds of a shorter outage are told in seconds */

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
	return entry->outage.start_ns < view->until_ns && entry->outage.end_ns >= view->from_ns &&
	       strcmp(entry->target, board_target(view->board, view->target)->name) == 0 &&
	       !is_twice(view, entry);
}

/* Targets first, then the youngest. */
static bool comes_before(const struct outage_entry *a, const struct outage_entry *b)
{
	if (a->scope != b->scope)
		return a->scope > b->scope;
	if (a->outage.start_ns != b->outage.start_ns)
		return a->outage.start_ns > b->outage.start_ns;
	return a->id < b->id;
}

/* What of an outage somebody saw. */
struct seen {
	int64_t last_ns;   /* it was known to be dark until then; INT64_MAX: it is so now */
	int64_t unseen_ns; /* how long nobody could tell, of the time before */
};

static struct seen seen_of(const struct page_view *view, const struct outage_entry *entry)
{
	const struct timeline *timeline =
		subject_find(view->board, entry->scope, entry->target, entry->subject);
	const struct outage *outage = &entry->outage;
	const int64_t end = outage->end_ns < view->now_ns ? outage->end_ns : view->now_ns;
	struct seen seen = {.last_ns = INT64_MAX};

	if (!timeline || entry->withdrawn)
		return seen;
	for (uint32_t n = timeline_after(timeline, outage->start_ns);
	     n < timeline->intervals.count && timeline_get(timeline, n)->from_ns < end; n++) {
		const struct interval *interval = timeline_get(timeline, n);
		const int64_t next = n + 1 < timeline->intervals.count
					     ? timeline_get(timeline, n + 1)->from_ns
					     : end;

		if (interval->verdict != BW_UNKNOWN) {
			seen.last_ns = INT64_MAX;
			continue;
		}
		if (seen.last_ns == INT64_MAX)
			seen.last_ns = interval->from_ns;
		seen.unseen_ns += (next < end ? next : end) - interval->from_ns;
	}
	if (outage->end_ns != INT64_MAX)
		seen.last_ns = INT64_MAX;
	return seen;
}

static void put_length(const struct page_view *view, struct page_table *table,
		       const struct outage *outage, const struct seen *seen)
{
	char length[PAGE_LENGTH_TEXT], uncertainty[PAGE_LENGTH_TEXT];
	const bool open = outage->end_ns == INT64_MAX;
	const bool lost = seen->last_ns != INT64_MAX;
	const int64_t now = lost ? seen->last_ns : view->now_ns;
	const int64_t end = open ? now : outage->end_ns;
	const int64_t unsure = outage_uncertainty(outage);

	page_table_cell(table, NULL);
	markup_print(view->out, "%s%s%s", lost ? "at least " : "",
		     page_words_length(end - outage->start_ns, length),
		     open && !lost ? " so far" : "");
	page_table_cell(table, NULL);
	markup_raw(view->out, page_words_length(unsure + (unsure < SHORT_NS ? BW_S : 60 * BW_S) - 1,
						uncertainty));
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

static void put_notes(const struct page_view *view, const struct outage_entry *entry,
		      const struct seen *seen)
{
	char unseen[PAGE_LENGTH_TEXT];

	if (entry->withdrawn)
		markup_raw(view->out, "withdrawn");
	else
		markup_raw(view->out, entry->outage.end_ns == INT64_MAX ? "open" : "over");
	if (entry->outage.return_count == 1)
		markup_raw(view->out, ", back once for a short time");
	else if (entry->outage.return_count > 1)
		markup_print(view->out, ", back %u times for a short time",
			     entry->outage.return_count);
	if (seen->unseen_ns > 0)
		markup_print(view->out, ", nobody could tell for %s",
			     page_words_length(seen->unseen_ns, unseen));
	put_facts(view, entry);
	if (entry->revision > 1)
		markup_print(view->out, ", revision %llu", (unsigned long long)entry->revision);
}

/* When it began or ended. */
static void put_bound(const struct page_view *view, const struct outage *outage, int64_t t_ns)
{
	const int64_t end = outage->end_ns < view->now_ns ? outage->end_ns : view->now_ns;

	if (end - outage->start_ns < SHORT_NS)
		page_words_second(view, t_ns);
	else
		page_words_time(view, t_ns);
}

static void put_entry(const struct page_view *view, struct page_table *table,
		      const struct outage_entry *entry)
{
	const struct seen seen = seen_of(view, entry);

	page_table_row(table, entry->withdrawn ? "withdrawn" : NULL);
	markup_print(view->out, "%s ", bw_scope_name(entry->scope));
	markup_text(view->out, entry->subject);
	page_table_cell(table, NULL);
	put_bound(view, &entry->outage, entry->outage.start_ns);
	page_table_cell(table, NULL);
	if (seen.last_ns != INT64_MAX)
		markup_raw(view->out, "last seen dark ");
	if (entry->outage.end_ns != INT64_MAX || seen.last_ns != INT64_MAX)
		put_bound(view, &entry->outage,
			  seen.last_ns != INT64_MAX ? seen.last_ns : entry->outage.end_ns);
	else
		markup_raw(view->out, "it lasts");
	put_length(view, table, &entry->outage, &seen);
	page_table_cell(table, "wide");
	put_notes(view, entry, &seen);
	page_table_row_end(table);
}

/* The first ones of many, in their order. */
struct shortlist {
	const struct outage_entry *list[OUTAGES_MAX];
	uint32_t count, total;
};

static void add(struct shortlist *shortlist, const struct outage_entry *entry)
{
	const bool full = shortlist->count == OUTAGES_MAX;
	uint32_t n;

	shortlist->total++;
	if (full && !comes_before(entry, shortlist->list[OUTAGES_MAX - 1]))
		return;
	n = full ? OUTAGES_MAX - 1 : shortlist->count++;
	for (; n > 0 && comes_before(entry, shortlist->list[n - 1]); n--)
		shortlist->list[n] = shortlist->list[n - 1];
	shortlist->list[n] = entry;
}

static void put_table(const struct page_view *view, const char *name,
		      const struct shortlist *shortlist)
{
	static const char *const heads[] = {"Of",     "Start", "End", "Length", "Earlier by up to",
					    "Status", NULL};
	struct page_table table = page_table_begin(view->out, name, heads);

	for (uint32_t n = 0; n < shortlist->count; n++)
		put_entry(view, &table, shortlist->list[n]);
	page_table_end(&table);
	if (shortlist->total > shortlist->count)
		markup_print(view->out, "<p>%u more are left out.</p>\n",
			     shortlist->total - shortlist->count);
}

static void put_list(const struct page_view *view, const struct shortlist *standing,
		     const struct shortlist *withdrawn)
{
	markup_raw(view->out, "<section aria-labelledby=\"outages\">\n"
			      "<h2 id=\"outages\">Outages in this time</h2>\n");
	if (standing->total > 0) {
		put_table(view, "Table of outages", standing);
		markup_raw(view->out, "<p>Start and end are the first silence and the first "
				      "answer. The true start and end lie earlier, by up to "
				      "what the table says.</p>\n");
	} else {
		markup_raw(view->out, "<p>None.</p>\n");
	}
	if (withdrawn->total > 0) {
		markup_print(view->out,
			     "<details id=\"withdrawn\"><summary>%u withdrawn: later records "
			     "disprove %s</summary>\n",
			     withdrawn->total, withdrawn->total == 1 ? "it" : "them");
		put_table(view, "Table of withdrawn outages", withdrawn);
		markup_raw(view->out, "</details>\n");
	}
	markup_raw(view->out, "</section>\n");
}

/* The sentence of a path, as its record has it, to be freed; NULL where there is none. */
static char *sentence_of(const struct page_view *view, const char *path)
{
	static const struct document_form form = {.max = RECORD_LINE_MAX, .wide = true};
	struct document document = {.file = "path"};
	struct node root, text;
	char *copy;

	if (!path || document_parse(&document, &form, path, strlen(path)) < 0)
		return NULL;
	root = node_root(&document);
	text = node_member(&root, "text");
	copy = strdup(node_text(&text) ? node_text(&text) : "");
	view->out->failed |= !copy;
	document_fini(&document);
	return copy;
}

/* Where the way ended in some outages, in the same words. */
struct way {
	char *sentence;
	const struct outage_entry *first; /* as in the table */
	unsigned count;
};

static void note_way(struct way *ways, unsigned *count, const struct outage_entry *entry,
		     char *sentence)
{
	unsigned n = 0;

	while (n < *count && strcmp(ways[n].sentence, sentence) != 0)
		n++;
	if (n == *count)
		ways[(*count)++] = (struct way){sentence, entry, 1};
	else
		ways[n].count++;
	if (ways[n].sentence != sentence)
		free(sentence);
}

static void put_way(const struct page_view *view, const struct way *way)
{
	markup_raw(view->out, "<li>");
	markup_text(view->out, way->sentence);
	if (way->count > 1)
		markup_print(view->out, " (%u outages, the first in the table is %s ", way->count,
			     bw_scope_name(way->first->scope));
	else
		markup_print(view->out, " (one outage: %s ", bw_scope_name(way->first->scope));
	markup_text(view->out, way->first->subject);
	markup_raw(view->out, ", ");
	page_words_time(view, way->first->outage.start_ns);
	markup_raw(view->out, ")</li>\n");
}

/* Where the way ended, of those outages of which a trace was made: each sentence once. */
static void put_ways(const struct page_view *view, const struct shortlist *shortlist)
{
	struct way ways[OUTAGES_MAX];
	unsigned count = 0;

	for (uint32_t n = 0; n < shortlist->count; n++) {
		char *sentence = sentence_of(view, shortlist->list[n]->path);

		if (sentence)
			note_way(ways, &count, shortlist->list[n], sentence);
	}
	if (count > 0)
		markup_raw(view->out, "<section aria-labelledby=\"ways\">\n"
				      "<h2 id=\"ways\">Where the way ends</h2>\n<ul>\n");
	for (unsigned n = 0; n < count; n++) {
		if (n < WAYS_MAX)
			put_way(view, &ways[n]);
		free(ways[n].sentence);
	}
	if (count > 0)
		markup_raw(view->out, "</ul>\n");
	if (count > WAYS_MAX)
		markup_print(view->out, "<p>%u more are left out.</p>\n", count - WAYS_MAX);
	if (count > 0)
		markup_raw(view->out, "</section>\n");
}

void page_outages(const struct page_view *view)
{
	const struct outage_book *book = book_of(view);
	struct shortlist standing = {.count = 0}, withdrawn = {.count = 0};

	for (uint32_t n = 0; n < book->entries.count; n++) {
		const struct outage_entry *entry = outage_book_get(book, n);

		if (is_shown(view, entry))
			add(entry->withdrawn ? &withdrawn : &standing, entry);
	}
	put_list(view, &standing, &withdrawn);
	put_ways(view, &standing);
}
