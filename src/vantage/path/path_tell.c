/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_tell.h"

#include <string.h>

#define END_HOPS_MAX 16
#define ONE_OUTAGE_NS (600 * BW_S) /* what fell longer before the last fell by something else */
#define LOST_PART 32               /* so few of them may have lost a packet before they fell */
#define ONSET_NS BW_MS             /* as closely is it known when the first fell */

static const struct roster *roster_of(const struct path_units *units)
{
	return units->ledger->config.roster;
}

/* Where the paths to the blocks of a network end; kind unknown: nothing is known of it. */
static struct path_break end_of_network(const struct path_units *units, uint32_t network)
{
	struct roster_range range = path_units_of_network(units, network);
	struct path_break breaks[PATH_BLOCKS_MAX];
	size_t count = 0;

	for (uint32_t u = range.first; u < range.end && count < PATH_BLOCKS_MAX; u++)
		if (path_units_ends(units, u))
			breaks[count++] = units->results[u].at;
	return path_summary_of(breaks, count).common;
}

static bool ends_at(const struct path_units *units, uint32_t unit, const struct path_break *at)
{
	const struct path_place *last = &units->results[unit].at.last;

	return path_units_ends(units, unit) && last->ttl == at->last.ttl &&
	       bw_addr_equal(&last->from, &at->last.from);
}

static bool shares_end(const struct path_units *units, uint32_t unit, const struct path_break *at)
{
	return path_units_ends(units, unit) && path_summary_shares(&units->results[unit].at, at);
}

/* A unit in RANGE whose path ends as AT says; UINT32_MAX: none. */
static uint32_t find_example(const struct path_units *units, struct roster_range range,
			     const struct path_break *at)
{
	for (uint32_t u = range.first; u < range.end; u++)
		if (ends_at(units, u, at))
			return u;
	return UINT32_MAX;
}

/* How far the border of the target's country lies from the last hop, by the baseline of UNIT. */
static void find_border(const struct path_units *units, const struct path_plan *plan, uint32_t unit,
			const char *country, struct path_sentence *sentence)
{
	const struct baseline *baseline = &units->list[unit].baseline;
	uint8_t last = sentence->at->last.ttl;
	char there[3];

	if (!country || last == 0)
		return;
	(void)path_plan_label(plan, &sentence->at->last.from, there);
	if (there[0] == '\0')
		return;
	sentence->border = PATH_BORDER_BEHIND;
	if (strcmp(there, country) == 0)
		return;
	sentence->border = PATH_BORDER_AHEAD;
	for (uint8_t ttl = last + 1; ttl < baseline->end; ttl++) {
		const struct baseline_hop *usual = baseline_usual(baseline, ttl);

		if (!usual)
			continue;
		(void)path_plan_label(plan, hop_table_addr(&units->hops, usual->hop), there);
		sentence->border_hops = ttl - last;
		if (strcmp(there, country) == 0)
			return;
	}
	sentence->border_hops = baseline->end > last ? baseline->end - last : 0;
	if (sentence->border_hops == 0)
		sentence->border = PATH_BORDER_UNKNOWN;
}

static struct record_place place(const struct path_plan *plan, const struct path_place *at)
{
	char country[3];

	if (at->ttl == 0)
		return (struct record_place){.ttl = 0};
	return (struct record_place){at->from, at->ttl, path_plan_label(plan, &at->from, country)};
}

static const struct record_path *put_words(const struct path_plan *plan,
					   struct path_sentence *sentence, struct path_words *words)
{
	const struct path_break *at = sentence->at;
	struct record_path *path = &words->path;

	path->last = place(plan, &at->last);
	path->next = place(plan, &at->next);
	path->kind = (enum path_kind)at->kind;
	path->direction = (enum path_direction)at->direction;
	path->from = at->refused_by;
	path->exempt = words->exempt;
	path->text = words->text;
	sentence->asn = path->last.asn;
	path_sentence_format(sentence, words->text);
	return path;
}

static const struct record_path *tell_one(const struct path_units *units,
					  const struct path_plan *plan, struct roster_range range,
					  const struct path_break *at, const char *subject,
					  struct path_words *words)
{
	struct path_sentence sentence = {.subject = subject, .at = at};
	uint32_t example = find_example(units, range, at);
	bool ends = at->kind != PATH_KIND_REACHED && at->kind != PATH_KIND_UNKNOWN;

	if (example != UINT32_MAX) {
		uint32_t target = path_units_target(units, example);

		find_border(units, plan, example, roster_of(units)->targets[target].target->country,
			    &sentence);
	}
	words->path.shared = ends;
	return put_words(plan, &sentence, words);
}

static const struct record_path *tell_block(const struct path_units *units,
					    const struct path_plan *plan, uint32_t block,
					    const char *subject, struct path_words *words)
{
	uint32_t unit = path_units_of_block(units, block);
	const struct path_result *result = &units->results[unit];

	if (result->search != PATH_FOUND || result->at.is_own)
		return NULL;
	return tell_one(units, plan, (struct roster_range){unit, unit + 1}, &result->at, subject,
			words);
}

static const struct record_path *tell_network(const struct path_units *units,
					      const struct path_plan *plan, uint32_t network,
					      const char *subject, struct path_words *words)
{
	struct path_break at = end_of_network(units, network);

	if (at.kind == PATH_KIND_UNKNOWN)
		return NULL;
	return tell_one(units, plan, path_units_of_network(units, network), &at, subject, words);
}

/* When the block of a unit that ends was surely silent; BLOCK_NEVER_ANSWERED: not known. */
static struct bw_mono silent_by(const struct ledger *ledger, uint32_t block)
{
	struct bw_mono silent = ledger_silent_since(ledger, block);
	struct bw_mono latest = ledger_outage_of(ledger, block)->outage.latest;

	if (silent.ns == BLOCK_NEVER_ANSWERED.ns || bw_mono_before(latest, silent))
		return silent;
	return latest;
}

/* How many units in RANGE that end as AT says were silent by BY, in the outage of the LAST. */
static uint32_t count_silent(const struct path_units *units, struct roster_range range,
			     const struct path_break *at, struct bw_mono last, struct bw_mono by)
{
	uint32_t count = 0;

	for (uint32_t u = range.first; u < range.end; u++) {
		struct bw_mono silent;

		if (!shares_end(units, u, at))
			continue;
		silent = silent_by(units->ledger, units->results[u].block);
		count += silent.ns != BLOCK_NEVER_ANSWERED.ns && !bw_mono_before(by, silent) &&
			 bw_mono_since(last, silent) < ONE_OUTAGE_NS;
	}
	return count;
}

/*
 * When the first of the units in RANGE that end as AT says was silent in the outage of the last
 * of them, but for those of which the line happened to lose a packet just before it.
 * BLOCK_NEVER_ANSWERED: not known, or in one check, in which each block answers once.
 */
static struct bw_mono find_onset(const struct path_units *units, struct roster_range range,
				 const struct path_break *at)
{
	struct bw_mono last = BLOCK_NEVER_ANSWERED, before, first;
	uint32_t lost;

	if (!units->ledger->config.keeps_events)
		return BLOCK_NEVER_ANSWERED;
	for (uint32_t u = range.first; u < range.end; u++)
		if (shares_end(units, u, at))
			last = bw_mono_max(last, silent_by(units->ledger, units->results[u].block));
	if (last.ns == BLOCK_NEVER_ANSWERED.ns)
		return last;
	lost = count_silent(units, range, at, last, last) / LOST_PART;
	before = bw_mono_add(last, -ONE_OUTAGE_NS);
	first = last;
	while (bw_mono_since(first, before) > ONSET_NS) {
		struct bw_mono middle = bw_mono_add(before, bw_mono_since(first, before) / 2);

		if (count_silent(units, range, at, last, middle) > lost)
			first = middle;
		else
			before = middle;
	}
	return first;
}

/* Whether a unit is up by an answer since ONSET, and was not found to end since then. */
static bool has_passed(const struct path_units *units, uint32_t unit, struct bw_mono onset)
{
	const struct path_result *result = &units->results[unit];
	const struct block *block = &units->ledger->blocks[units->list[unit].block];

	if (block->verdict != BW_UP || bw_mono_before(block->last_answer, onset))
		return false;
	return onset.ns == BLOCK_NEVER_ANSWERED.ns || result->search != PATH_FOUND ||
	       bw_mono_before(result->made, onset);
}

/*
 * The hops at which paths end as one: behind them, or at the router that refuses, to which a
 * balancer may lead by several hops.
 */
struct end_hops {
	uint32_t list[END_HOPS_MAX];
	unsigned count;
};

static void add_hop(struct end_hops *hops, uint32_t hop)
{
	for (unsigned n = 0; n < hops->count; n++)
		if (hops->list[n] == hop)
			return;
	if (hop != HOP_NONE && hops->count < END_HOPS_MAX)
		hops->list[hops->count++] = hop;
}

static struct end_hops find_end_hops(const struct path_units *units, struct roster_range range,
				     const struct path_break *at)
{
	struct end_hops hops = {.count = 0};

	add_hop(&hops, hop_table_find(&units->hops, &at->last.from));
	add_hop(&hops, hop_table_find(&units->hops, &at->refused_by));
	for (uint32_t u = range.first; u < range.end; u++)
		if (shares_end(units, u, at))
			add_hop(&hops,
				hop_table_find(&units->hops, &units->results[u].at.last.from));
	return hops;
}

static bool goes_by(const struct baseline *baseline, const struct end_hops *hops)
{
	for (unsigned n = 0; n < hops->count; n++)
		if (baseline_find(baseline, hops->list[n]))
			return true;
	return false;
}

/*
 * Whether the path to a network goes by one of HOPS, an answer has come by it since ONSET, and
 * nothing of it was found to end.
 */
static bool passes(const struct path_units *units, uint32_t network, const struct end_hops *hops,
		   struct bw_mono onset)
{
	struct roster_range range = path_units_of_network(units, network);
	bool found = false;

	for (uint32_t u = range.first; u < range.end; u++) {
		if (path_units_ends(units, u))
			return false;
		found = found ||
			(goes_by(&units->list[u].baseline, hops) && has_passed(units, u, onset));
	}
	return found;
}

static uint32_t list_exempt(const struct path_units *units, uint32_t number,
			    const struct path_break *at, struct path_words *words)
{
	const struct roster_target *target = &roster_of(units)->targets[number];
	struct roster_range range = path_units_of_target(units, number);
	struct bw_mono onset = find_onset(units, range, at);
	const struct end_hops hops = find_end_hops(units, range, at);
	uint32_t count = 0;

	for (uint32_t n = target->first_network; n < target->first_network + target->network_count;
	     n++) {
		if (!passes(units, n, &hops, onset))
			continue;
		if (count < RECORD_EXEMPT_MAX)
			words->exempt[count] = roster_of(units)->networks[n].network->prefix;
		count++;
	}
	words->path.exempt_count = count < RECORD_EXEMPT_MAX ? count : RECORD_EXEMPT_MAX;
	return count;
}

static const struct record_path *tell_target(const struct path_units *units,
					     const struct path_plan *plan, uint32_t number,
					     struct path_words *words)
{
	const struct roster_target *target = &roster_of(units)->targets[number];
	struct path_break *breaks = units->breaks;
	struct path_sentence sentence = {.total = target->network_count};
	struct path_summary summary;
	const struct record_path *path = NULL;
	uint32_t example;

	for (uint32_t n = 0; n < target->network_count; n++)
		breaks[n] = end_of_network(units, target->first_network + n);
	summary = path_summary_of(breaks, target->network_count);
	if (summary.shared > 0) {
		sentence.at = &summary.common;
		sentence.shared = words->path.shared = summary.shared;
		sentence.elsewhere = summary.elsewhere;
		sentence.exempt = list_exempt(units, number, &summary.common, words);
		example = find_example(units, path_units_of_target(units, number), &summary.common);
		if (example != UINT32_MAX)
			find_border(units, plan, example, target->target->country, &sentence);
		path = put_words(plan, &sentence, words);
	}
	return path;
}

const struct record_path *path_tell_block(const struct path_units *units,
					  const struct path_plan *plan, uint32_t block,
					  struct path_words *words)
{
	struct bw_prefix prefix = roster_prefix(roster_of(units), block);
	char subject[BW_PREFIX_TEXT];

	return path_tell(units, plan, BW_SCOPE_BLOCK, block, bw_prefix_format(&prefix, subject),
			 words);
}

uint32_t path_tell_example(const struct path_units *units, uint32_t target,
			   const struct record_place *last)
{
	const struct path_break at = {.last = {last->from, last->ttl}};

	return find_example(units, path_units_of_target(units, target), &at);
}

const struct record_path *path_tell(const struct path_units *units, const struct path_plan *plan,
				    enum bw_scope scope, uint32_t number, const char *subject,
				    struct path_words *words)
{
	*words = (struct path_words){.path = {.kind = PATH_KIND_UNKNOWN}};
	switch (scope) {
	case BW_SCOPE_BLOCK:
		return tell_block(units, plan, number, subject, words);
	case BW_SCOPE_NETWORK:
		return tell_network(units, plan, number, subject, words);
	case BW_SCOPE_TARGET:
		return tell_target(units, plan, number, words);
	}
	return NULL;
}
