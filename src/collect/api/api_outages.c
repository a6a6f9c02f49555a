/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_outages.h"

#include <string.h>

#include "collect/api/api_page.h"
#include "collect/api/api_time.h"
#include "collect/tell/event_text.h"
#include "collect/tell/outage_fraction.h"

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
	const char *target; /* NULL: all */
	int64_t from_ns, until_ns;
	uint64_t after, limit;
};

static bool is_asked(const struct filter *filter, const struct outage_entry *entry)
{
	return entry->id > filter->after &&
	       (!filter->target || strcmp(entry->target, filter->target) == 0) &&
	       entry->outage.end_ns >= filter->from_ns &&
	       entry->outage.start_ns <= filter->until_ns;
}

static void put_list(struct collector *collector, const struct filter *filter, int64_t now_ns,
		     struct json_out *out)
{
	const struct outage_book *book = &collector->teller.book;
	uint64_t count = 0;

	json_out_array(out);
	for (uint32_t n = 0; n < book->entries.count && count < filter->limit; n++) {
		if (!is_asked(filter, outage_book_get(book, n)))
			continue;
		put_entry(out, collector, n, now_ns);
		count++;
	}
	json_out_array_end(out);
}

void api_outages(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer)
{
	struct filter filter = {.target = request->query(request->arg, "target")};
	struct json_out out;

	if (api_time_span(request, now.ns, now.ns, &filter.from_ns, &filter.until_ns, answer) < 0)
		return;
	if (!api_page_number(request, "after", 0, &filter.after)) {
		api_answer_error(answer, 400, "after is the id of an outage");
		return;
	}
	if (!api_page_limit(request, API_PAGE_MAX, &filter.limit, answer))
		return;
	json_out_init_heap(&out, false);
	put_list(collector, &filter, now.ns, &out);
	api_answer_json(answer, 200, &out);
}
