/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/outage_fraction.h"

#include <errno.h>
#include <stdlib.h>

/* One block more is dark from T on, or one less. */
struct step {
	int64_t t_ns;
	int change;
};

struct count {
	const struct board *board;
	int64_t from_ns, until_ns;
	uint32_t blocks;    /* of which anything is known */
	struct array steps; /* struct step */
	int error;
};

static void add_step(struct count *count, int64_t t_ns, int change)
{
	const struct step step = {t_ns > count->from_ns ? t_ns : count->from_ns, change};

	if (array_add(&count->steps, &step) < 0)
		count->error = -ENOMEM;
}

/* The dark intervals of a timeline that touch the time. */
static void add_dark(struct count *count, const struct timeline *timeline)
{
	const uint32_t behind = timeline_after(timeline, count->from_ns);

	for (uint32_t n = behind > 0 ? behind - 1 : 0; n < timeline->intervals.count; n++) {
		const struct interval *interval = timeline_get(timeline, n);

		if (interval->from_ns >= count->until_ns)
			return;
		if (interval->verdict != BW_DARK)
			continue;
		add_step(count, interval->from_ns, 1);
		if (n + 1 < timeline->intervals.count)
			add_step(count, timeline_get(timeline, n + 1)->from_ns, -1);
	}
}

static bool is_known(const struct timeline *timeline)
{
	for (uint32_t n = 0; n < timeline->intervals.count; n++)
		if (timeline_get(timeline, n)->verdict != BW_UNKNOWN)
			return true;
	return false;
}

static void add_network(struct count *count, const struct board_network *network)
{
	for (uint32_t n = network->first; n > 0; n = board_block(count->board, n - 1)->next) {
		const struct timeline *timeline = &board_block(count->board, n - 1)->merged;

		if (!is_known(timeline))
			continue;
		count->blocks++;
		add_dark(count, timeline);
	}
}

static void add_blocks(struct count *count, const struct outage_entry *entry)
{
	const struct board *board = count->board;
	const struct board_target *target = board_find_target(board, entry->target);
	const struct board_network *network;
	struct bw_prefix prefix;

	if (entry->scope == BW_SCOPE_TARGET && target) {
		for (uint32_t n = target->networks; n > 0; n = board_network(board, n - 1)->next)
			add_network(count, board_network(board, n - 1));
	} else if (bw_prefix_parse(entry->subject, &prefix, NULL) == 0) {
		network = board_find_network(board, entry->target, &prefix);
		if (network)
			add_network(count, network);
	}
}

/* At one moment, those that come back come first. */
static int compare(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->t_ns != y->t_ns)
		return x->t_ns < y->t_ns ? -1 : 1;
	return x->change - y->change;
}

static int most(struct array *steps)
{
	int dark = 0, result = 0;

	if (steps->count > 0)
		qsort(steps->items, steps->count, steps->size, compare);
	for (uint32_t n = 0; n < steps->count; n++) {
		dark += ((const struct step *)array_at(steps, n))->change;
		result = dark > result ? dark : result;
	}
	return result;
}

double outage_fraction(const struct board *board, const struct outage_entry *entry, int64_t now_ns)
{
	struct count count = {
		.board = board,
		.from_ns = entry->outage.start_ns,
		.until_ns = entry->outage.end_ns < now_ns ? entry->outage.end_ns : now_ns + 1,
		.steps = array_of(sizeof(struct step)),
	};
	double fraction = -1;

	if (entry->scope == BW_SCOPE_BLOCK)
		return 1;
	add_blocks(&count, entry);
	if (count.blocks > 0 && count.error == 0)
		fraction = (double)most(&count.steps) / count.blocks;
	array_fini(&count.steps);
	return fraction;
}
