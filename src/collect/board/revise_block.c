/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/revise_block.h"

#include "collect/board/moments.h"
#include "collect/board/terms.h"
#include "infer/merge/merge.h"

struct sweep {
	const struct board *board;
	struct board_block *block;
	int64_t differ_ns; /* how long vantages may differ before it is told */
	int64_t mixed_ns;  /* since when they do; INT64_MAX: they do not */
	int64_t from_ns;   /* what is evaluated before it is not written */
	struct merge_vote votes[BOARD_VANTAGES_MAX];
	const struct change *changes[BOARD_VANTAGES_MAX];
};

static void collect_votes(struct sweep *sweep, int64_t t_ns)
{
	for (uint32_t n = 0; n < sweep->block->views.count; n++) {
		const struct board_view *view = array_at(&sweep->block->views, n);
		const struct board_vantage *vantage = &sweep->board->vantages[view->vantage];
		const struct change *change = claims_at(&view->claims, t_ns);

		sweep->changes[n] = change;
		sweep->votes[n] = (struct merge_vote){
			.verdict = change ? (enum bw_verdict)change->verdict : BW_UNKNOWN,
			.upstream = terms_upstream_at(vantage, t_ns),
			.can_tell = heard_can_tell(&vantage->heard, t_ns),
			.cut_off =
				timeline_verdict(timeline_at(&vantage->cut_off, t_ns)) == BW_DARK,
		};
	}
}

/*
 * Each vantage bounds when it went dark; the block did so within all bounds: not before the
 * latest of the last answers, and not after the first to say that it was dark.
 */
static void bound_dark(const struct sweep *sweep, struct interval *interval,
		       const struct interval *last)
{
	int64_t earliest = INT64_MIN, latest = interval->decided_ns;

	for (uint32_t n = 0; n < sweep->block->views.count; n++) {
		const struct merge_vote *vote = &sweep->votes[n];

		if (!vote->can_tell || vote->cut_off || vote->verdict != BW_DARK)
			continue;
		if (sweep->changes[n]->earliest_ns > earliest)
			earliest = sweep->changes[n]->earliest_ns;
		if (sweep->changes[n]->at_ns < latest)
			latest = sweep->changes[n]->at_ns;
	}
	if (latest < earliest)
		latest = earliest; /* they contradict each other: their clocks do */
	if (last && latest <= last->from_ns)
		latest = interval->decided_ns;
	interval->from_ns = latest;
	interval->earliest_ns = earliest < latest ? earliest : latest;
}

/* Who answered first bounds when the block came back. */
static void bound_answer(const struct sweep *sweep, struct interval *interval)
{
	int64_t earliest = INT64_MAX;

	for (uint32_t n = 0; n < sweep->block->views.count; n++) {
		const struct change *change = sweep->changes[n];

		if (sweep->votes[n].can_tell && change && change->at_ns == interval->decided_ns &&
		    change->verdict == interval->verdict && change->earliest_ns < earliest)
			earliest = change->earliest_ns;
	}
	if (earliest != INT64_MAX)
		interval->earliest_ns = earliest;
}

static int write(struct sweep *sweep, const struct merge_result *result, int64_t t_ns)
{
	struct timeline *merged = &sweep->block->merged;
	const struct interval *last =
		merged->intervals.count ? timeline_get(merged, merged->intervals.count - 1) : NULL;
	struct interval interval = {
		.from_ns = t_ns,
		.decided_ns = t_ns,
		.earliest_ns = t_ns,
		.verdict = (uint8_t)result->verdict,
		.seen_from =
			sweep->mixed_ns != INT64_MAX && t_ns - sweep->mixed_ns >= sweep->differ_ns,
		.lacks_quorum = result->lacks_quorum,
	};

	if (result->verdict == BW_DARK && timeline_verdict(last) != BW_DARK)
		bound_dark(sweep, &interval, last);
	else if (result->verdict == BW_UP || result->verdict == BW_FLAPPING)
		bound_answer(sweep, &interval);
	return timeline_add(merged, &interval);
}

static int evaluate(struct sweep *sweep, int64_t t_ns)
{
	const struct interval *before = timeline_at(&sweep->block->merged, t_ns);
	const struct merge_rule rule = {terms_quorum_at(sweep->board, t_ns)};
	struct merge_result result;

	collect_votes(sweep, t_ns);
	result = merge_votes(&rule, sweep->votes, sweep->block->views.count,
			     timeline_verdict(before));
	if (!result.mixed)
		sweep->mixed_ns = INT64_MAX;
	else if (sweep->mixed_ns == INT64_MAX)
		sweep->mixed_ns = t_ns;
	return t_ns < sweep->from_ns ? 0 : write(sweep, &result, t_ns);
}

/* When those that differ have done so for long enough; INT64_MAX: they do not differ. */
static int64_t differ_until(const struct sweep *sweep)
{
	return sweep->mixed_ns == INT64_MAX ? INT64_MAX : sweep->mixed_ns + sweep->differ_ns;
}

/* Evaluates at T, and before it at the moment at which differing is told, if that comes first. */
static int visit(struct sweep *sweep, int64_t last_ns, int64_t t_ns)
{
	const int64_t told = differ_until(sweep);
	int result = 0;

	if (told > last_ns && told < t_ns)
		result = evaluate(sweep, told);
	return result < 0 ? result : evaluate(sweep, t_ns);
}

static int run(struct sweep *sweep, struct moments *moments)
{
	int64_t last = moments->from_ns;
	int result = moments_sort(moments);

	if (result == 0)
		result = evaluate(sweep, last);
	for (uint32_t n = 0; n < moments->list.count && result == 0; n++) {
		const int64_t t = moments_get(moments, n)->t_ns;

		if (t == last)
			continue;
		result = visit(sweep, last, t);
		last = t;
	}
	if (result == 0 && last < moments->until_ns)
		result = visit(sweep, last, moments->until_ns);
	return result;
}

static void add_moments(const struct sweep *sweep, struct moments *moments)
{
	moments_add_claims(moments, sweep->block, 0);
	for (uint32_t n = 0; n < sweep->block->views.count; n++) {
		const struct board_view *view = array_at(&sweep->block->views, n);
		const struct board_vantage *vantage = &sweep->board->vantages[view->vantage];

		moments_add_heard(moments, &vantage->heard);
		moments_add_upstreams(moments, vantage);
		moments_add_timeline(moments, &vantage->cut_off, MOMENTS_ALL);
	}
	moments_add_terms(moments, sweep->board);
	moments_add(moments, sweep->from_ns, 0);
}

static int64_t longest_round(const struct board *board, const struct board_block *block)
{
	int64_t longest = 0;

	for (uint32_t n = 0; n < block->views.count; n++) {
		const struct board_view *view = array_at(&block->views, n);
		const int64_t round = board->vantages[view->vantage].round_ns;

		longest = round > longest ? round : longest;
	}
	return longest;
}

int revise_block(const struct board *board, struct board_block *block, int64_t t_ns, int64_t now_ns)
{
	struct sweep sweep = {
		.board = board,
		.block = block,
		.differ_ns = REVISE_DIFFER_ROUNDS * longest_round(board, block),
		.mixed_ns = INT64_MAX,
		.from_ns = t_ns,
	};
	struct moments moments;
	int result;

	/* Who has differed since long before T is found by beginning earlier. */
	moments_init(&moments, t_ns - 2 * sweep.differ_ns, now_ns);
	add_moments(&sweep, &moments);
	timeline_cut(&block->merged, t_ns);
	result = run(&sweep, &moments);
	moments_fini(&moments);
	block->wake_ns = differ_until(&sweep) > now_ns ? differ_until(&sweep) : INT64_MAX;
	block->dirty_ns = INT64_MAX;
	return result;
}
