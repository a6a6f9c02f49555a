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

static void put_entry(struct json_out *out, const struct outage_entry *entry)
{
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
			put_entry(&out, entry);
	}
	json_out_array_end(&out);
	api_answer_json(answer, 200, &out);
}
