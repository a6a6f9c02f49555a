/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes records in. Events become spans (spans.c). Beliefs in block records are compared with
 * the truth of their moment. The comparison of spans with outages (match.c) is made at the
 * end, when withdrawals are known.
 */
#include "sim/score/score.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct score {
	const struct simulation *simulation;
	struct subject *subjects; /* blocks by number, then networks, then targets */
	uint32_t blocks, networks, targets;
	struct spans spans;
	struct score_sum sum;
};

static uint32_t count_subjects(const struct score *score)
{
	return score->blocks + score->networks + score->targets;
}

/* A subject without hosts from the start cannot be observed. */
static bool is_empty(const struct score *score, const struct subject *subject)
{
	const struct bw_mono start = {0};

	for (uint32_t b = subject->first; b < subject->first + subject->count; b++)
		if (sim_world_truth(score->simulation->world, b, start) != SIM_TRUTH_EMPTY)
			return false;
	return true;
}

static void name_blocks(struct score *score)
{
	const struct simulation *simulation = score->simulation;
	struct subject *networks = &score->subjects[score->blocks];

	for (uint32_t b = 0; b < score->blocks; b++) {
		uint32_t network = sim_world_network(simulation->world, b);

		score->subjects[b] = (struct subject){BW_SCOPE_BLOCK, b, network < score->networks};
		if (network >= score->networks)
			continue;
		if (networks[network].count++ == 0)
			networks[network].first = b;
		networks[network].scope = BW_SCOPE_NETWORK;
	}
}

/* Numbers the subjects: blocks, networks as in the world, targets. Sentinels have none. */
static void name_subjects(struct score *score)
{
	const struct simulation *simulation = score->simulation;
	uint32_t n = score->blocks;

	name_blocks(score);
	for (size_t t = 0; t < simulation->scenario->target_count; t++) {
		const struct simulation_target *origin = &simulation->origins[t];

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
		if (is_empty(score, &score->subjects[s]))
			score->subjects[s].count = 0;
}

struct score *score_new(const struct simulation *simulation)
{
	struct score *score = calloc(1, sizeof(*score));

	if (!score)
		return NULL;
	score->simulation = simulation;
	score->sum.traced = simulation->scenario->vantage.trace_ns > 0;
	score->blocks = sim_world_block_count(simulation->world);
	for (size_t t = 0; t < simulation->scenario->target_count; t++)
		score->networks +=
			(uint32_t)simulation->origins[t].count * simulation->origins[t].networks;
	score->targets = (uint32_t)simulation->target_count;
	score->subjects = calloc(count_subjects(score) + 1, sizeof(*score->subjects));
	if (!score->subjects || spans_init(&score->spans, count_subjects(score)) < 0) {
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
	spans_fini(&score->spans);
	free(score);
}

/* The number of an event's subject; UINT32_MAX: unknown. */
static uint32_t find_subject(const struct score *score, const struct record_event *event)
{
	const struct simulation *simulation = score->simulation;
	struct bw_prefix prefix;
	uint32_t block;

	if (event->scope == BW_SCOPE_TARGET) {
		for (size_t t = 0; t < simulation->target_count; t++)
			if (strcmp(simulation->targets[t]->name, event->subject) == 0)
				return score->blocks + score->networks + (uint32_t)t;
		return UINT32_MAX;
	}
	if (bw_prefix_parse(event->subject, &prefix, NULL) < 0 ||
	    sim_world_find(simulation->world, &prefix.addr, &block) < 0)
		return UINT32_MAX;
	if (event->scope == BW_SCOPE_NETWORK)
		return score->blocks + sim_world_network(simulation->world, block);
	return block;
}

static void take_event(struct score *score, const struct record *record, struct bw_now now)
{
	const struct record_event *event = &record->event;
	uint32_t subject = find_subject(score, event);
	double late = (double)(record->head.time.ns - event->detected.ns) / (double)BW_S;

	score->sum.events++;
	if (subject == UINT32_MAX)
		return;
	if (late > score->sum.publication_s)
		score->sum.publication_s = late;
	if (score->sum.traced)
		path_score_take(&score->sum.paths, score->simulation, event,
				(struct path_subject){score->subjects[subject].first,
						      score->subjects[subject].count},
				now.mono);
	spans_take(&score->spans, subject, record, now);
}

static void note_known(struct subject *subject, bool is_known, int64_t at)
{
	if (!is_known)
		subject->known = subject->known ? subject->known : INT64_MAX;
	else if (subject->known == 0 || at < subject->known)
		subject->known = at;
}

/* A record says of a block what it is, or that this is unknown: so it is of its sums. */
static void note_knowledge(struct score *score, uint32_t number, bool is_known, int64_t at)
{
	uint32_t network = sim_world_network(score->simulation->world, number);
	struct subject *targets = &score->subjects[score->blocks + score->networks];

	note_known(&score->subjects[number], is_known, at);
	if (network >= score->networks)
		return;
	note_known(&score->subjects[score->blocks + network], is_known, at);
	for (uint32_t t = 0; t < score->targets; t++)
		if (number >= targets[t].first && number - targets[t].first < targets[t].count)
			note_known(&targets[t], is_known, at);
}

static void take_belief(struct score *score, const struct record_block *block, struct bw_now now)
{
	bool said_up = block->verdict == BW_UP;
	uint32_t number;

	if (sim_world_find(score->simulation->world, &block->block.addr, &number) < 0)
		return;
	note_knowledge(score, number, block->verdict != BW_UNKNOWN, now.mono.ns);
	if (!said_up && block->verdict != BW_DARK)
		return;
	sample_bin_add(score->sum.belief, said_up ? block->belief : 1 - block->belief,
		       (sim_world_truth(score->simulation->world, number, now.mono) ==
			SIM_TRUTH_DARK) != said_up);
}

void score_record(struct score *score, const struct record *record, struct bw_now now)
{
	int64_t settle = score->simulation->scenario->score.settle_ns;

	score->sum.records++;
	if (record->type == RECORD_EVENT)
		take_event(score, record, now);
	else if (record->type == RECORD_BLOCK && now.mono.ns >= settle)
		take_belief(score, &record->block, now);
}

void score_probe(struct score *score, const struct bw_addr *to, struct bw_mono at)
{
	uint32_t block;

	if (at.ns < score->simulation->scenario->score.settle_ns ||
	    sim_world_find(score->simulation->world, to, &block) < 0)
		return;
	score->sum.probes++;
	score->sum.up_probes +=
		sim_world_truth(score->simulation->world, block, at) != SIM_TRUTH_DARK;
}

/* Sums the time for which blocks were probed, and the time for which they were not dark. */
static void sum_hours(struct score *score, int64_t from, int64_t end)
{
	const double hour = 3600 * (double)BW_S;

	for (uint32_t b = 0; b < score->blocks; b++) {
		int64_t at = from, dark = 0;
		struct sim_interval outage;

		if (score->subjects[b].count == 0)
			continue;
		while (sim_world_outage(score->simulation->world, b, (struct bw_mono){at},
					&outage) &&
		       outage.start.ns < end) {
			int64_t start = outage.start.ns > from ? outage.start.ns : from;

			at = outage.end.ns;
			dark += (at < end ? at : end) - start;
		}
		score->sum.hours += (double)(end - from) / hour;
		score->sum.up_hours += (double)(end - from - dark) / hour;
	}
}

int score_finish(struct score *score, struct bw_mono end, struct score_sum *ret_sum)
{
	int64_t settle = score->simulation->scenario->score.settle_ns;
	struct match_input input = {.simulation = score->simulation,
				    .subjects = score->subjects,
				    .subject_count = count_subjects(score),
				    .spans = &score->spans,
				    .settle = settle,
				    .end = end.ns};
	int rc = score->spans.failed ? -ENOMEM : 0;

	spans_sort(&score->spans);
	for (int scope = BW_SCOPE_BLOCK; scope <= BW_SCOPE_TARGET; scope++)
		if (match_scope(&input, (enum bw_scope)scope, &score->sum.parts[scope]) < 0)
			rc = -ENOMEM;
	sum_hours(score, settle < end.ns ? settle : end.ns, end.ns);
	if (score->sum.up_hours > 0)
		score->sum.false_per_day =
			(double)score->sum.parts[BW_SCOPE_BLOCK].wrong * 24 / score->sum.up_hours;
	*ret_sum = score->sum;
	return rc;
}
