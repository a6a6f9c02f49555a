/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_outages.h"

#include <string.h>

#include "collect/api/api_time.h"
#include "collect/tell/event_text.h"

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
	put_series(out, collector, number);
	event_text_onset(out, entry->onset, entry->path);
	put_vantages(out, collector, entry, now_ns);
	json_out_key(out, "status");
	json_out_string(out, status_of(entry));
	json_out_key(out, "revision");
	json_out_uint(out, entry->revision);
	json_out_object_end(out);
}

void api_outages(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer)
{
	const struct outage_book *book = &collector->teller.book;
	const char *target = request->query(request->arg, "target");
	int64_t from, until;
	struct json_out out;

	if (api_time_span(request, now.ns, now.ns, &from, &until, answer) < 0)
		return;
	json_out_init_heap(&out, false);
	json_out_array(&out);
	for (uint32_t n = 0; n < book->entries.count; n++) {
		const struct outage_entry *entry = outage_book_get(book, n);

		if ((!target || strcmp(entry->target, target) == 0) &&
		    entry->outage.end_ns >= from && entry->outage.start_ns <= until)
			put_entry(&out, collector, n, now.ns);
	}
	json_out_array_end(&out);
	api_answer_json(answer, 200, &out);
}
