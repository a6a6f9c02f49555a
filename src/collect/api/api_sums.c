/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_sums.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collect/api/api_page.h"
#include "collect/api/api_target_name.h"
#include "collect/api/api_time.h"
#include "collect/hourly/hourly_read.h"

#define DEFAULT_NS (86400 * BW_S)
#define HOUR_NS (3600 * BW_S)

struct view {
	struct json_out *out;
	uint64_t left; /* hours that may still be written */
	int64_t next;  /* the first hour that was not; 0: none */
};

static void put_share(struct json_out *out, const char *key, double share)
{
	json_out_key(out, key);
	if (share < 0)
		json_out_null(out);
	else
		json_out_number(out, share, 4);
}

static void put_rtt(struct json_out *out, const struct hourly_sum *sum)
{
	static const struct {
		const char *key;
		double p;
	} quantiles[] = {{"p10", .1}, {"p50", .5}, {"p90", .9}};

	json_out_key(out, "rtt_ms");
	if (hourly_sum_rtt_ms(sum, .5) < 0) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	for (size_t n = 0; n < sizeof(quantiles) / sizeof(quantiles[0]); n++) {
		json_out_key(out, quantiles[n].key);
		json_out_number(out, hourly_sum_rtt_ms(sum, quantiles[n].p), 3);
	}
	json_out_object_end(out);
}

static void put_sum(struct json_out *out, const struct hourly_sum *sum)
{
	json_out_key(out, "rounds");
	json_out_uint(out, sum->rounds);
	json_out_key(out, "answered");
	json_out_uint(out, sum->answered);
	json_out_key(out, "sent");
	json_out_uint(out, sum->sent);
	json_out_key(out, "replies");
	json_out_uint(out, sum->replies);
	put_share(out, "loss", hourly_sum_loss(sum));
	put_rtt(out, sum);
}

static int put_hour(void *arg, const struct hourly_found *found)
{
	struct view *view = arg;
	struct hourly_sum all;

	if (view->left-- == 0) {
		view->next = found->hour;
		return 1;
	}
	hourly_sum_clear(&all);
	for (size_t n = 0; n < found->count; n++)
		hourly_sum_merge(&all, found->list[n].sum);
	json_out_object(view->out);
	api_time_put(view->out, "start", found->hour * HOUR_NS);
	put_sum(view->out, &all);
	json_out_key(view->out, "vantages");
	json_out_array(view->out);
	for (size_t n = 0; n < found->count; n++) {
		json_out_object(view->out);
		json_out_key(view->out, "name");
		json_out_string(view->out, found->list[n].vantage);
		put_sum(view->out, found->list[n].sum);
		json_out_object_end(view->out);
	}
	json_out_array_end(view->out);
	json_out_object_end(view->out);
	return 0;
}

/* Returns 0, or BW_ERR_VALUE after it has answered: TEXT is nothing of the target. */
static int find_subject(const struct board *board, const char *text, struct hourly_query *query,
			struct api_answer *answer)
{
	if (bw_prefix_parse(text, &query->prefix, NULL) < 0) {
		api_answer_error(answer, 400, "subject is the prefix of a network or block");
		return BW_ERR_VALUE;
	}
	query->scope = BW_SCOPE_BLOCK;
	if (board_find_block(board, query->target, &query->prefix))
		return 0;
	query->scope = BW_SCOPE_NETWORK;
	if (board_find_network(board, query->target, &query->prefix))
		return 0;
	api_answer_error(answer, 404, "no vantage has told of such a subject of the target");
	return BW_ERR_VALUE;
}

/* Where the next part begins, as a reference that is relative to the path. */
static void link_next(const struct hourly_query *query, int64_t next, uint64_t limit,
		      struct api_answer *answer)
{
	char prefix[BW_PREFIX_TEXT], subject[API_PAGE_ESCAPED], from[BW_WALL_TEXT];
	char until[BW_WALL_TEXT], value[API_VALUE_MAX];
	const bool has_subject = query->scope != BW_SCOPE_TARGET;

	if (has_subject)
		api_page_escape(bw_prefix_format(&query->prefix, prefix), subject);
	snprintf(value, sizeof(value),
		 "<sums?from=%s&until=%s&limit=%" PRIu64 "%s%s>; rel=\"next\"",
		 bw_wall_format((struct bw_wall){next * HOUR_NS}, from),
		 bw_wall_format((struct bw_wall){query->until * HOUR_NS}, until), limit,
		 has_subject ? "&subject=" : "", has_subject ? subject : "");
	api_answer_field(answer, "Link", value);
}

static void answer_query(const struct collector *collector, const struct hourly_query *query,
			 uint64_t limit, struct api_answer *answer)
{
	struct json_out out;
	struct view view = {&out, limit, 0};
	int result;

	json_out_init_heap(&out, false);
	json_out_array(&out);
	result = hourly_read(&collector->store, query, put_hour, &view, NULL);
	json_out_array_end(&out);
	api_answer_json(answer, 200, &out);
	if (result > 0)
		link_next(query, view.next, limit, answer);
	if (result >= 0)
		return;
	free(answer->body);
	api_answer_error(answer, 503,
			 result == -ENOMEM ? "out of memory" : "the database cannot be read");
}

void api_sums(struct collector *collector, const struct api_request *request, struct bw_wall now,
	      struct api_answer *answer)
{
	const struct board *board = &collector->board;
	const struct board_target *target = api_target_name_find(board, request->path, "/sums");
	const char *subject = request->query(request->arg, "subject");
	struct hourly_query query = {.scope = BW_SCOPE_TARGET};
	int64_t from_ns, until_ns;
	uint64_t limit;

	if (!target) {
		api_answer_error(answer, 404, "no vantage has told of such a target");
		return;
	}
	query.target = target->name;
	if (subject && find_subject(board, subject, &query, answer) < 0)
		return;
	if (api_time_span(request, now.ns, DEFAULT_NS, &from_ns, &until_ns, answer) < 0 ||
	    !api_page_limit(request, API_PAGE_MAX, &limit, answer))
		return;
	query.from = from_ns / HOUR_NS;
	query.until = (until_ns + HOUR_NS - 1) / HOUR_NS;
	answer_query(collector, &query, limit, answer);
}
