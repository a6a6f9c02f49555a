/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_vantages.h"

#include "collect/board/cut_off.h"

static void put_stored(struct json_out *out, const struct fleet_member *member)
{
	json_out_key(out, "stored");
	if (!member->boot[0]) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	json_out_key(out, "boot");
	json_out_string(out, member->boot);
	json_out_key(out, "seq");
	json_out_uint(out, member->seq);
	json_out_object_end(out);
}

static void put_member(struct json_out *out, const struct board *board, const struct fleet *fleet,
		       const struct fleet_member *member, struct bw_wall now)
{
	json_out_object(out);
	json_out_key(out, "name");
	json_out_string(out, member->name);
	json_out_key(out, "last");
	json_out_time(out, member->last);
	json_out_key(out, "clock_offset_s");
	if (member->clock_offset_ns == INT64_MAX)
		json_out_null(out);
	else
		json_out_number(out, (double)member->clock_offset_ns / (double)BW_S, 3);
	json_out_key(out, "healthy");
	json_out_bool(out, member->healthy);
	json_out_key(out, "silent");
	json_out_bool(out, fleet_is_silent(fleet, member, now));
	json_out_key(out, "island");
	json_out_bool(out, cut_off_is_island(board, (uint32_t)(member - fleet->list), now.ns));
	json_out_key(out, "two_sources");
	json_out_bool(out, fleet_is_doubled(fleet, member, now));
	put_stored(out, member);
	json_out_object_end(out);
}

void api_list_vantages(struct collector *collector, const struct api_request *request,
		       struct bw_wall now, struct api_answer *answer)
{
	const struct fleet *fleet = &collector->fleet;
	struct json_out out;

	(void)request;
	json_out_init_heap(&out, false);
	json_out_array(&out);
	for (size_t i = 0; i < fleet->count; i++)
		put_member(&out, &collector->board, fleet, &fleet->list[i], now);
	json_out_array_end(&out);
	api_answer_json(answer, 200, &out);
}
