/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_outages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/api/api_list.h"
#include "collect/api/api_page.h"
#include "collect/api/api_time.h"
#include "collect/tell/event_text.h"
#include "collect/tell/outage_fraction.h"

#define STEP 16      /* outages that are written at once */
#define SEEN 20000   /* that are looked at for them */
#define SHORT_MAX 64 /* so many are an answer that is made at once */

static const char *status_of(const struct outage_entry *entry)
{
	if (entry->withdrawn)
		return "withdrawn";
	return entry->outage.end_ns == INT64_MAX ? "open" : "over";
}

static void put_vantages(struct json_out *out, const struct collector *collector,
			 const struct outage_entry *entry, int64_t now_ns)
{
	uint32_t numbers[BOARD_VANTAGES_MAX];
	const size_t count = outage_facts_vantages(&collector->board, entry, now_ns, numbers);

	json_out_key(out, "vantages");
	json_out_array(out);
	for (size_t n = 0; n < count; n++)
		json_out_string(out, collector->fleet.list[numbers[n]].name);
	json_out_array_end(out);
}

static void put_fraction(struct json_out *out, const struct board *board,
			 const struct outage_entry *entry, int64_t now_ns)
{
	const double fraction = outage_fraction(board, entry, now_ns);

	json_out_key(out, "fraction");
	if (fraction < 0)
		json_out_null(out);
	else
		json_out_number(out, fraction, 4);
}

static void put_series(struct json_out *out, struct collector *collector, uint32_t number)
{
	const struct outage_book *book = &collector->teller.book;
	const char *name;
	const struct zone *zone =
		target_zones_get(&collector->zones, outage_book_get(book, number)->target, &name);
	struct series series;
	const bool is_one = outage_facts_series(book, &collector->board, number, zone, &series);

	outage_facts_put_series(out, is_one ? &series : NULL);
}

static void put_entry(struct json_out *out, struct collector *collector, uint32_t number,
		      int64_t now_ns)
{
	const struct outage_entry *entry = outage_book_get(&collector->teller.book, number);

	json_out_object(out);
	json_out_key(out, "id");
	json_out_uint(out, entry->id);
	json_out_key(out, "target");
	json_out_string(out, entry->target);
	json_out_key(out, "scope");
	json_out_string(out, bw_scope_name(entry->scope));
	json_out_key(out, "subject");
	json_out_string(out, entry->subject);
	event_text_outage(out, &entry->outage);
	put_fraction(out, &collector->board, entry, now_ns);
	put_series(out, collector, number);
	event_text_onset(out, entry->onset, entry->path);
	put_vantages(out, collector, entry, now_ns);
	json_out_key(out, "status");
	json_out_string(out, status_of(entry));
	json_out_key(out, "revision");
	json_out_uint(out, entry->revision);
	json_out_object_end(out);
}

/* What is asked for. */
struct filter {
	char *target; /* owned; NULL: all */
	int64_t from_ns, until_ns;
	uint64_t after; /* ids are behind it */
	uint64_t last;  /* and at most this */
};

/* A walk over the book, in which outages may come and go meanwhile: it goes on by their ids. */
struct walk {
	struct collector *collector;
	struct filter filter;
	int64_t now_ns;
};

static bool is_asked(const struct filter *filter, const struct outage_entry *entry)
{
	return entry->id > filter->after && entry->id <= filter->last &&
	       (!filter->target || strcmp(entry->target, filter->target) == 0) &&
	       entry->outage.end_ns >= filter->from_ns &&
	       entry->outage.start_ns <= filter->until_ns;
}

static int step(void *self, struct json_out *out)
{
	struct walk *walk = self;
	const struct outage_book *book = &walk->collector->teller.book;
	uint32_t next = outage_book_from(book, walk->filter.after + 1);
	unsigned written = 0, seen = 0;

	for (; next < book->entries.count && written < STEP && seen < SEEN; next++, seen++) {
		const struct outage_entry *entry = outage_book_get(book, next);

		if (is_asked(&walk->filter, entry)) {
			put_entry(out, walk->collector, next, walk->now_ns);
			written++;
		}
		walk->filter.after = entry->id;
	}
	return next < book->entries.count;
}

static void free_walk(void *self)
{
	struct walk *walk = self;

	free(walk->filter.target);
	free(walk);
}

static const struct api_list_ops ops = {step, free_walk};

/* What follows behind the last one of this part. */
static void link_next(const struct filter *filter, uint64_t limit, struct api_answer *answer)
{
	char value[API_VALUE_MAX], name[API_PAGE_ESCAPED];
	char from[BW_WALL_TEXT], until[BW_WALL_TEXT];
	int length = snprintf(value, sizeof(value),
			      "<outages?from=%s&until=%s&limit=%" PRIu64 "&after=%" PRIu64,
			      bw_wall_format((struct bw_wall){filter->from_ns}, from),
			      bw_wall_format((struct bw_wall){filter->until_ns}, until), limit,
			      filter->last);

	if (filter->target)
		length += snprintf(value + length, sizeof(value) - (size_t)length, "&target=%s",
				   api_page_escape(filter->target, name));
	snprintf(value + length, sizeof(value) - (size_t)length, ">; rel=\"next\"");
	api_answer_field(answer, "Link", value);
}

/* Ends the part behind LIMIT outages; returns how many there are in it. */
static uint64_t cut(struct walk *walk, uint64_t limit, struct api_answer *answer)
{
	const struct outage_book *book = &walk->collector->teller.book;
	uint64_t count = 0, last = 0;

	for (uint32_t n = 0; n < book->entries.count; n++) {
		if (!is_asked(&walk->filter, outage_book_get(book, n)))
			continue;
		if (count == limit) {
			walk->filter.last = last;
			link_next(&walk->filter, limit, answer);
			break;
		}
		last = outage_book_get(book, n)->id;
		count++;
	}
	return count;
}

/* Takes WALK over. */
static void answer_with(struct walk *walk, const struct api_request *request,
			struct api_answer *answer)
{
	uint64_t limit = UINT64_MAX;

	if (!api_page_number(request, "after", 0, &walk->filter.after))
		api_answer_error(answer, 400, "after is the id of an outage");
	else if (!request->query(request->arg, "limit") ||
		 api_page_limit(request, API_PAGE_MAX, &limit, answer)) {
		api_list_answer(answer, &ops, walk, cut(walk, limit, answer) <= SHORT_MAX);
		return;
	}
	free_walk(walk);
}

void api_outages(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer)
{
	const char *target = request->query(request->arg, "target");
	struct filter filter = {.last = UINT64_MAX};
	struct walk *walk;

	if (api_time_span(request, now.ns, now.ns, &filter.from_ns, &filter.until_ns, answer) < 0)
		return;
	walk = calloc(1, sizeof(*walk));
	filter.target = target ? strdup(target) : NULL;
	if (!walk || (target && !filter.target)) {
		free(walk);
		free(filter.target);
		api_answer_error(answer, 503, "out of memory");
		return;
	}
	*walk = (struct walk){.collector = collector, .filter = filter, .now_ns = now.ns};
	answer_with(walk, request, answer);
}
