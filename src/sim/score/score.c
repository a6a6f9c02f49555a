/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes records in: events become spans, one a stretch of a verdict that is not up,
 * and beliefs are held against the truth of the moment. The comparison itself
 * (match.c) waits for the end, when withdrawals are known.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/score/inside.h"

/* Nobody ever lived there: nothing can be seen of it. */
static bool is_desert(const struct score *score, const struct subject *subject)
{
	const struct bw_mono start = {0};

	for (uint32_t b = subject->first; b < subject->first + subject->count; b++)
		if (sim_world_truth(score->scene->world, b, start) != SIM_TRUTH_EMPTY)
			return false;
	return true;
}

static void name_blocks(struct score *score)
{
	const struct scene *scene = score->scene;
	struct subject *networks = &score->subjects[score->blocks];

	for (uint32_t b = 0; b < score->blocks; b++) {
		uint32_t network = sim_world_network(scene->world, b);

		score->subjects[b] = (struct subject){BW_SCOPE_BLOCK, b, network < score->networks};
		if (network >= score->networks)
			continue;
		if (networks[network].count++ == 0)
			networks[network].first = b;
		networks[network].scope = BW_SCOPE_NETWORK;
	}
}

/* Blocks, then networks in the order of the world, then targets. Sentinels have none. */
static void name_subjects(struct score *score)
{
	const struct scene *scene = score->scene;
	uint32_t n = score->blocks;

	name_blocks(score);
	for (size_t t = 0; t < scene->scenario->target_count; t++) {
		const struct scene_target *origin = &scene->origins[t];

		for (size_t i = 0; i < origin->count; i++) {
			uint32_t first = n + origin->network + (uint32_t)i * origin->networks;
			struct subject *target =
				&score->subjects[n + score->networks + origin->first + i];

			*target =
				(struct subject){BW_SCOPE_TARGET, score->subjects[first].first, 0};
			for (uint32_t k = 0; k < origin->networks; k++)
				target->count += score->subjects[first + k].count;
		}
	}
	for (uint32_t s = 0; s < n + score->networks; s++)
		if (is_desert(score, &score->subjects[s]))
			score->subjects[s].count = 0;
}

struct score *score_new(const struct scene *scene)
{
	struct score *score = calloc(1, sizeof(*score));
	size_t subjects;

	if (!score)
		return NULL;
	score->scene = scene;
	score->blocks = sim_world_block_count(scene->world);
	for (size_t t = 0; t < scene->scenario->target_count; t++)
		score->networks += (uint32_t)scene->origins[t].count * scene->origins[t].networks;
	score->targets = (uint32_t)scene->target_count;
	subjects = score->blocks + score->networks + score->targets;
	score->subjects = calloc(subjects + 1, sizeof(*score->subjects));
	score->open = calloc(subjects + 1, sizeof(*score->open));
	if (!score->subjects || !score->open) {
		score_free(score);
		return NULL;
	}
	name_subjects(score);
	return score;
}

void score_free(struct score *score)
{
	if (!score)
		return;
	free(score->subjects);
	free(score->open);
	free(score->spans.list);
	free(score);
}

/* The number of an event's subject, or UINT32_MAX. */
static uint32_t find_subject(const struct score *score, const struct record_event *event)
{
	const struct scene *scene = score->scene;
	struct bw_prefix prefix;
	uint32_t block;

	if (event->scope == BW_SCOPE_TARGET) {
		for (size_t t = 0; t < scene->target_count; t++)
			if (strcmp(scene->targets[t]->name, event->subject) == 0)
				return score->blocks + score->networks + (uint32_t)t;
		return UINT32_MAX;
	}
	if (bw_prefix_parse(event->subject, &prefix, NULL) < 0 ||
	    sim_world_find(scene->world, &prefix.addr, &block) < 0)
		return UINT32_MAX;
	if (event->scope == BW_SCOPE_NETWORK)
		return score->blocks + sim_world_network(scene->world, block);
	return block;
}

/* A wall time of the vantage as a moment of the world. */
static int64_t moment(struct bw_now now, struct bw_wall wall)
{
	return now.mono.ns - (now.wall.ns - wall.ns);
}

static struct bounds bounds_of(const struct record_event *event, struct bw_now now)
{
	return (struct bounds){
		.earliest = event->earliest.ns ? moment(now, event->earliest) : INT64_MIN,
		.latest = moment(now, event->latest),
	};
}

static struct span *add_span(struct score *score, uint32_t subject)
{
	struct spans *spans = &score->spans;

	if (spans->count == spans->room) {
		size_t room = spans->room ? 2 * spans->room : 256;
		struct span *list = reallocarray(spans->list, room, sizeof(*list));

		if (!list) {
			score->failed = true;
			return NULL;
		}
		spans->list = list;
		spans->room = room;
	}
	score->open[subject] = (uint32_t)spans->count + 1;
	return &spans->list[spans->count++];
}

static void open_span(struct score *score, uint32_t subject, const struct record *record,
		      struct bw_now now)
{
	const struct record_event *event = &record->event;
	struct span *span = add_span(score, subject);

	if (span)
		*span = (struct span){
			.subject = subject,
			.verdict = (uint8_t)event->to,
			.from = moment(now, event->detected),
			.to = INT64_MAX,
			.start = bounds_of(event, now),
			.confidence = event->confidence,
			.seq = record->head.seq,
		};
}

static void close_span(struct span *span, const struct record_event *event, struct bw_now now)
{
	span->over = true;
	span->after = (uint8_t)event->to;
	span->to = moment(now, event->detected);
	span->end = bounds_of(event, now);
	span->end_confidence = event->confidence;
	if (event->has_outage) {
		span->outage_start = moment(now, event->outage_start);
		span->outage_end = moment(now, event->outage_end);
		span->uncertainty = event->outage_uncertainty_ns;
	}
}

/*
 * The span of an undone event never was. Where the undone one had ended a span, that
 * one goes on.
 */
static void withdraw(struct score *score, uint32_t subject, const struct record_event *event,
		     struct bw_now now)
{
	struct span *list = score->spans.list;
	size_t i = score->open[subject];

	if (i > 0 && list[i - 1].seq == event->withdraws) {
		list[i - 1].withdrawn = true;
		if (!list[i - 1].over)
			close_span(&list[i - 1], event, now);
		return;
	}
	if (i > 0 && list[i - 1].over && list[i - 1].verdict == event->to) {
		list[i - 1].over = false;
		list[i - 1].to = INT64_MAX;
	}
}

static void take_event(struct score *score, const struct record *record, struct bw_now now)
{
	const struct record_event *event = &record->event;
	uint32_t subject = find_subject(score, event);
	double late = (double)(record->head.time.ns - event->detected.ns) / (double)BW_S;
	struct span *last;

	score->sum.events++;
	if (subject == UINT32_MAX)
		return;
	if (late > score->sum.publication_s)
		score->sum.publication_s = late;
	if (event->withdraws) {
		withdraw(score, subject, event, now);
		return;
	}
	last = score->open[subject] ? &score->spans.list[score->open[subject] - 1] : NULL;
	if (last && !last->over)
		close_span(last, event, now);
	if (event->to != BW_UP)
		open_span(score, subject, record, now);
}

static void take_belief(struct score *score, const struct record_block *block, struct bw_now now)
{
	bool said_up = block->verdict == BW_UP;
	uint32_t number;

	if (!said_up && block->verdict != BW_DARK)
		return;
	if (sim_world_find(score->scene->world, &block->block.addr, &number) < 0)
		return;
	bin_add(score->sum.belief, said_up ? block->belief : 1 - block->belief,
		(sim_world_truth(score->scene->world, number, now.mono) == SIM_TRUTH_DARK) !=
			said_up);
}

void score_record(struct score *score, const struct record *record, struct bw_now now)
{
	int64_t settle = score->scene->scenario->score.settle_ns;

	score->sum.records++;
	if (record->type == RECORD_EVENT)
		take_event(score, record, now);
	else if (record->type == RECORD_BLOCK && now.mono.ns >= settle)
		take_belief(score, &record->block, now);
}

void score_probe(struct score *score, const struct bw_addr *to, struct bw_mono at)
{
	uint32_t block;

	if (at.ns < score->scene->scenario->score.settle_ns ||
	    sim_world_find(score->scene->world, to, &block) < 0)
		return;
	score->sum.probes++;
	score->sum.up_probes += sim_world_truth(score->scene->world, block, at) != SIM_TRUTH_DARK;
}

static int compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

/* How long blocks were watched, and how long of it they were not dark. */
static void sum_hours(struct score *score, int64_t from, int64_t end)
{
	const double hour = 3600 * (double)BW_S;

	for (uint32_t b = 0; b < score->blocks; b++) {
		int64_t at = from, dark = 0;
		struct sim_interval outage;

		if (score->subjects[b].count == 0)
			continue;
		while (subject_outage(score->scene->world, &score->subjects[b], at, &outage) &&
		       outage.start.ns < end) {
			int64_t start = outage.start.ns > from ? outage.start.ns : from;

			at = outage.end.ns;
			dark += (at < end ? at : end) - start;
		}
		score->sum.hours += (double)(end - from) / hour;
		score->sum.up_hours += (double)(end - from - dark) / hour;
	}
}

static void finish_scope(struct score *score, enum bw_scope scope, int64_t settle, int64_t end)
{
	struct match match = {.score = score,
			      .part = &score->sum.parts[scope],
			      .end = end,
			      .settle = settle};

	match_scope(&match, scope);
	match.part->detect = sample_numbers(&match.detect);
	match.part->recover = sample_numbers(&match.recover);
	match.part->start_error = sample_numbers(&match.start_error);
	match.part->end_error = sample_numbers(&match.end_error);
	match.part->duration_error = sample_numbers(&match.duration_error);
	sample_fini(&match.detect);
	sample_fini(&match.recover);
	sample_fini(&match.start_error);
	sample_fini(&match.end_error);
	sample_fini(&match.duration_error);
}

int score_finish(struct score *score, struct bw_mono end, struct score_sum *ret_sum)
{
	int64_t settle = score->scene->scenario->score.settle_ns;

	if (score->spans.count > 0)
		qsort(score->spans.list, score->spans.count, sizeof(struct span), compare_spans);
	for (int scope = BW_SCOPE_BLOCK; scope <= BW_SCOPE_TARGET; scope++)
		finish_scope(score, (enum bw_scope)scope, settle, end.ns);
	sum_hours(score, settle < end.ns ? settle : end.ns, end.ns);
	if (score->sum.up_hours > 0)
		score->sum.false_per_day =
			(double)score->sum.parts[BW_SCOPE_BLOCK].wrong * 24 / score->sum.up_hours;
	*ret_sum = score->sum;
	return score->failed ? -ENOMEM : 0;
}
