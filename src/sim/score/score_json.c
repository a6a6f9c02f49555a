/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/score/score_json.h"

#include "json/json_out.h"

#define SCHEMA "blockwatch/score/1"

static void put_count(struct json_out *out, const char *key, uint64_t value)
{
	json_out_key(out, key);
	json_out_uint(out, value);
}

static void put_number(struct json_out *out, const char *key, double value, int decimals)
{
	json_out_key(out, key);
	json_out_number(out, value, decimals);
}

static void put_numbers(struct json_out *out, const char *key, const struct score_numbers *n)
{
	json_out_key(out, key);
	if (n->count == 0) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	put_count(out, "count", n->count);
	put_number(out, "mean", n->mean, 3);
	put_number(out, "median", n->median, 3);
	put_number(out, "p95", n->p95, 3);
	put_number(out, "most", n->most, 3);
	json_out_object_end(out);
}

static void put_inside(struct json_out *out, const char *key, uint64_t inside, uint64_t all)
{
	json_out_key(out, key);
	json_out_object(out);
	put_count(out, "of", all);
	put_count(out, "inside", inside);
	json_out_object_end(out);
}

static void put_bins(struct json_out *out, const char *key, const struct score_bin bins[SCORE_BINS])
{
	static const double from[SCORE_BINS] = {0, .9, .99, .999, .9999};

	json_out_key(out, key);
	json_out_array(out);
	for (unsigned i = 0; i < SCORE_BINS; i++) {
		if (!bins[i].said)
			continue;
		json_out_object(out);
		put_number(out, "from", from[i], 4);
		put_number(out, "stated", bins[i].stated, 6);
		put_count(out, "said", bins[i].said);
		put_count(out, "right", bins[i].right);
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

static void put_part(struct json_out *out, const char *key, const struct score_part *p)
{
	json_out_key(out, key);
	json_out_object(out);
	put_count(out, "subjects", p->subjects);
	put_count(out, "outages", p->outages);
	put_count(out, "seen", p->seen);
	put_count(out, "missed", p->missed);
	put_count(out, "flapped", p->flapped);
	put_count(out, "blind", p->blind);
	put_count(out, "brief", p->brief);
	put_count(out, "said", p->said);
	put_count(out, "false", p->wrong);
	put_count(out, "withdrawn", p->withdrawn);
	put_count(out, "relapses", p->relapses);
	put_numbers(out, "detect_s", &p->detect);
	put_numbers(out, "recover_s", &p->recover);
	put_numbers(out, "start_error_s", &p->start_error);
	put_numbers(out, "end_error_s", &p->end_error);
	put_numbers(out, "duration_error_s", &p->duration_error);
	put_inside(out, "starts", p->starts_inside, p->starts);
	put_inside(out, "ends", p->ends_inside, p->ends);
	put_inside(out, "durations", p->durations_inside, p->durations);
	put_bins(out, "confidence", p->confidence);
	json_out_object_end(out);
}

static void put_paths(struct json_out *out, const struct path_score *paths)
{
	json_out_key(out, "paths");
	json_out_object(out);
	put_count(out, "events", paths->events);
	put_count(out, "told", paths->told);
	put_count(out, "wrong", paths->wrong);
	json_out_object_end(out);
}

int score_json_encode(const struct score_sum *sum, const char *inference, char *line, size_t size)
{
	struct json_out out;

	json_out_init(&out, line, size);
	json_out_object(&out);
	json_out_key(&out, "schema");
	json_out_string(&out, SCHEMA);
	json_out_key(&out, "inference");
	json_out_string(&out, inference);
	put_part(&out, "blocks", &sum->parts[BW_SCOPE_BLOCK]);
	put_part(&out, "networks", &sum->parts[BW_SCOPE_NETWORK]);
	put_part(&out, "targets", &sum->parts[BW_SCOPE_TARGET]);
	if (sum->traced)
		put_paths(&out, &sum->paths);
	put_count(&out, "probes", sum->probes);
	put_number(&out, "probes_per_hour", sum->hours > 0 ? (double)sum->probes / sum->hours : 0,
		   3);
	put_number(&out, "probes_per_hour_up",
		   sum->up_hours > 0 ? (double)sum->up_probes / sum->up_hours : 0, 3);
	put_number(&out, "block_days_up", sum->up_hours / 24, 3);
	put_number(&out, "false_per_block_day", sum->false_per_day, 6);
	put_bins(&out, "belief", sum->belief);
	put_count(&out, "events", sum->events);
	put_count(&out, "records", sum->records);
	put_number(&out, "publication_s", sum->publication_s, 6);
	json_out_object_end(&out);
	json_out_newline(&out);
	return json_out_end(&out);
}
