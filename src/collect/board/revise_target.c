/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/revise_target.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/board/moments.h"
#include "infer/group.h"

/* What a group was told of one of its blocks. */
struct told {
	uint8_t verdict;
	unsigned reasons;
};

/* A network, or the target, with its blocks that change at one moment. */
struct sum {
	struct group group;
	int64_t t_ns;      /* the moment */
	uint32_t dark;     /* how many of them went dark */
	int64_t latest_ns; /* the latest bound at which one of those was last certain to be up */
	int64_t first_ns;  /* the earliest bound of all of them */
};

struct sweep {
	const struct board *board;
	uint32_t target;
	struct sum *networks; /* by number */
	struct sum whole;
	struct told *told; /* of each block */
};

/* The last verdict before this interval that was none of unknown; BW_UNKNOWN: there was none. */
static enum bw_verdict last_known(const struct timeline *timeline, int64_t t_ns)
{
	for (uint32_t n = timeline_after(timeline, t_ns); n > 0; n--)
		if (timeline_get(timeline, n - 1)->verdict != BW_UNKNOWN)
			return (enum bw_verdict)timeline_get(timeline, n - 1)->verdict;
	return BW_UNKNOWN;
}

/* A block that was never anything but unknown is left out of the sums. */
static struct told tell(const struct board_block *block, int64_t t_ns)
{
	const enum bw_verdict verdict = timeline_verdict(timeline_at(&block->merged, t_ns));
	struct told told = {.verdict = (uint8_t)verdict};

	if (verdict != BW_UNKNOWN)
		return told;
	switch (last_known(&block->merged, t_ns)) {
	case BW_UNKNOWN:
		told.reasons = BW_WHY_NEVER_SEEN;
		break;
	case BW_DARK:
		told.reasons = BW_WHY_FEW_EVIDENCE | GROUP_WAS_DARK;
		break;
	case BW_UP:
	case BW_FLAPPING:
	case BW_PARTLY_DARK:
		told.reasons = BW_WHY_FEW_EVIDENCE;
		break;
	}
	return told;
}

static void add_block(struct sweep *sweep, uint32_t number, int64_t t_ns)
{
	const struct board_block *block = board_block(sweep->board, number);

	sweep->told[number] = tell(block, t_ns);
	group_add(&sweep->networks[block->network].group,
		  (enum bw_verdict)sweep->told[number].verdict, sweep->told[number].reasons);
}

static void add_bounds(struct sum *sum, const struct interval *interval, int64_t t_ns)
{
	const int64_t earliest = interval ? interval->earliest_ns : t_ns;

	if (sum->t_ns != t_ns) {
		sum->t_ns = sum->first_ns = t_ns;
		sum->latest_ns = INT64_MIN;
		sum->dark = 0;
	}
	if (earliest < sum->first_ns)
		sum->first_ns = earliest;
	if (timeline_verdict(interval) != BW_DARK)
		return;
	sum->dark++;
	if (earliest > sum->latest_ns)
		sum->latest_ns = earliest;
}

static void change_block(struct sweep *sweep, uint32_t number, int64_t t_ns)
{
	const struct board_block *block = board_block(sweep->board, number);
	const struct interval *interval = timeline_at(&block->merged, t_ns);
	struct sum *network = &sweep->networks[block->network];

	group_remove_group(&sweep->whole.group, &network->group);
	group_remove(&network->group, (enum bw_verdict)sweep->told[number].verdict,
		     sweep->told[number].reasons);
	add_block(sweep, number, t_ns);
	group_add_group(&sweep->whole.group, &network->group);
	add_bounds(network, interval, t_ns);
	add_bounds(&sweep->whole, interval, t_ns);
}

/* The latest bound of the dark blocks of one network. */
static int64_t latest_of_network(const struct sweep *sweep, uint32_t number, int64_t t_ns)
{
	const struct board *board = sweep->board;
	int64_t latest = INT64_MIN;

	for (uint32_t n = board_network(board, number)->first; n > 0;) {
		const struct board_block *block = board_block(board, n - 1);
		const bool is_dark = sweep->told[n - 1].verdict == BW_DARK;
		const struct interval *interval =
			is_dark ? timeline_at(&block->merged, t_ns) : NULL;

		n = block->next;
		if (interval && interval->earliest_ns > latest)
			latest = interval->earliest_ns;
	}
	return latest;
}

static int64_t latest_of_all(const struct sweep *sweep, int64_t t_ns)
{
	const struct board *board = sweep->board;
	int64_t latest = INT64_MIN;

	for (uint32_t n = board_target(board, sweep->target)->networks; n > 0;) {
		const int64_t of_network = latest_of_network(sweep, n - 1, t_ns);

		n = board_network(board, n - 1)->next;
		latest = of_network > latest ? of_network : latest;
	}
	return latest;
}

/*
 * When the verdict before was last certain. That the last block went dark is bounded by the latest
 * of the bounds of all that are dark; that the first one changed in another way, by the earliest.
 */
static int64_t bound_of(const struct sweep *sweep, const struct sum *sum, enum bw_verdict before)
{
	const enum bw_verdict verdict = group_verdict(&sum->group);
	const bool darker = verdict == BW_DARK || (verdict == BW_PARTLY_DARK && before != BW_DARK);

	if (!darker || sum->dark == 0)
		return sum->first_ns;
	if (sum->dark == sum->group.blocks.by_verdict[BW_DARK])
		return sum->latest_ns;
	if (sum == &sweep->whole)
		return latest_of_all(sweep, sum->t_ns);
	return latest_of_network(sweep, (uint32_t)(sum - sweep->networks), sum->t_ns);
}

static int note(const struct sweep *sweep, const struct sum *sum, struct timeline *timeline)
{
	const int64_t t = sum->t_ns;
	const enum bw_verdict verdict = group_verdict(&sum->group);
	const enum bw_verdict before = timeline_verdict(timeline_at(timeline, t));
	struct interval interval = {
		.from_ns = t,
		.decided_ns = t,
		.earliest_ns = t,
		.verdict = (uint8_t)verdict,
	};
	int64_t bound;

	if (before == verdict || t <= timeline->kept_ns)
		return 0;
	bound = bound_of(sweep, sum, before);
	if (bound < t)
		interval.earliest_ns = bound;
	return timeline_add(timeline, &interval);
}

/* All blocks of the moments from N until NEXT have changed at once. */
static int note_changes(const struct sweep *sweep, const struct moments *moments, uint32_t n,
			uint32_t next)
{
	const struct board *board = sweep->board;
	int result = 0;

	for (; n < next && result == 0; n++) {
		const uint32_t network =
			board_block(board, moments_get(moments, n)->block)->network;

		result = note(sweep, &sweep->networks[network],
			      &board_network(board, network)->merged);
	}
	return result < 0 ? result
			  : note(sweep, &sweep->whole, &board_target(board, sweep->target)->merged);
}

/* What is kept of a sum stays. */
static void cut(struct timeline *timeline, int64_t t_ns)
{
	timeline_cut(timeline, timeline->kept_ns < t_ns ? t_ns : timeline->kept_ns + 1);
}

/* A network as it stood before, which has not changed. */
static void begin_network(struct sweep *sweep, uint32_t number, struct moments *moments)
{
	const struct board *board = sweep->board;
	struct board_network *network = board_network(board, number);
	const int64_t before = moments->from_ns;

	for (uint32_t n = network->first; n > 0; n = board_block(board, n - 1)->next) {
		add_block(sweep, n - 1, before);
		moments_add_timeline(moments, &board_block(board, n - 1)->merged, n - 1);
	}
	sweep->networks[number].t_ns = INT64_MIN;
	group_add_group(&sweep->whole.group, &sweep->networks[number].group);
	cut(&network->merged, before + 1);
}

static void begin(struct sweep *sweep, struct moments *moments)
{
	const struct board *board = sweep->board;
	struct board_target *target = board_target(board, sweep->target);

	for (uint32_t n = target->networks; n > 0; n = board_network(board, n - 1)->next)
		begin_network(sweep, n - 1, moments);
	sweep->whole.t_ns = INT64_MIN;
	cut(&target->merged, moments->from_ns + 1);
}

/* All blocks that change at one moment change together. */
static int run(struct sweep *sweep, const struct moments *moments)
{
	const uint32_t count = moments->list.count;
	int result = 0;

	for (uint32_t n = 0, next = 0; n < count && result == 0; n = next) {
		const int64_t t = moments_get(moments, n)->t_ns;

		for (next = n; next < count && moments_get(moments, next)->t_ns == t; next++)
			change_block(sweep, moments_get(moments, next)->block, t);
		result = note_changes(sweep, moments, n, next);
	}
	return result;
}

/* Keeps no more of a sum than its blocks say of that time: late records have changed it. */
static void check_sum(struct timeline *timeline, const struct group *group, int64_t kept_ns)
{
	if (timeline->kept_ns != kept_ns ||
	    timeline_verdict(timeline_at(timeline, kept_ns)) != group_verdict(group))
		timeline->kept_ns = timeline->saved_ns = INT64_MIN;
}

static void check_network(const struct board *board, uint32_t number, int64_t kept_ns,
			  struct group *whole)
{
	struct board_network *network = board_network(board, number);
	struct group group = {.never_seen = 0};

	for (uint32_t n = network->first; n > 0; n = board_block(board, n - 1)->next) {
		const struct told told = tell(board_block(board, n - 1), kept_ns);

		group_add(&group, (enum bw_verdict)told.verdict, told.reasons);
	}
	group_add_group(whole, &group);
	check_sum(&network->merged, &group, kept_ns);
}

static void check_kept(const struct board *board, uint32_t number, int64_t t_ns)
{
	struct board_target *target = board_target(board, number);
	const int64_t kept_ns = target->merged.kept_ns;
	struct group whole = {.never_seen = 0};

	if (kept_ns < t_ns)
		return;
	for (uint32_t n = target->networks; n > 0; n = board_network(board, n - 1)->next)
		check_network(board, n - 1, kept_ns, &whole);
	check_sum(&target->merged, &whole, kept_ns);
}

int revise_target(const struct board *board, uint32_t target, int64_t t_ns, int64_t now_ns)
{
	struct sweep sweep = {
		.board = board,
		.target = target,
		.networks = calloc(board->networks.count + 1, sizeof(struct sum)),
		.told = calloc(board->blocks.count + 1, sizeof(struct told)),
	};
	struct moments moments;
	int result = sweep.networks && sweep.told ? 0 : -ENOMEM;

	moments_init(&moments, t_ns - 1, now_ns);
	check_kept(board, target, t_ns);
	if (result == 0) {
		begin(&sweep, &moments);
		result = moments_sort(&moments);
	}
	if (result == 0)
		result = run(&sweep, &moments);
	moments_fini(&moments);
	free(sweep.networks);
	free(sweep.told);
	return result;
}
