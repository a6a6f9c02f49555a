/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/revise_block.h"

#include "collect/board/moments.h"
#include "collect/board/terms.h"
#include "infer/merge/merge.h"
#include "infer/merge/merge_bounds.h"

struct sweep {
	const struct board *board;
	struct board_block *block;
	int64_t differ_ns; /* how long vantages may differ before it is told */
	int64_t mixed_ns;  /* since when they do; INT64_MAX: they do not */
	int64_t from_ns;   /* what is evaluated before it is not written */
	struct merge_vote votes[BOARD_VANTAGES_MAX];
	const struct change *changes[BOARD_VANTAGES_MAX];
	struct merge_bounds bounds[BOARD_VANTAGES_MAX]; /* of those that bound a change */
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

/* The change of a view that follows the one at T; NULL: there is none. */
static const struct change *change_after(const struct board_view *view, int64_t t_ns)
{
	const uint32_t n = claims_after(&view->claims, t_ns);

	return n < view->claims.changes.count ? array_at(&view->claims.changes, n) : NULL;
}

static bool says_up(const struct change *change)
{
	return change && (change->verdict == BW_UP || change->verdict == BW_FLAPPING);
}

/*
 * A vantage that got answers and is not heard of from T on, or unfit: it got them until its last
 * record at least. INT64_MIN: it is none.
 */
static int64_t answered_before(const struct sweep *sweep, const struct board_view *view,
			       int64_t t_ns)
{
	const struct board_vantage *vantage = &sweep->board->vantages[view->vantage];

	if (!says_up(claims_at(&view->claims, t_ns)) || heard_can_tell(&vantage->heard, t_ns) ||
	    !heard_can_tell(&vantage->heard, t_ns - 1))
		return INT64_MIN;
	return t_ns - sweep->board->stale_after * vantage->round_ns;
}

/* When the block stopped to be up, T included. */
static int64_t stopped_at(const struct timeline *merged, int64_t t_ns)
{
	for (uint32_t n = merged->intervals.count; n > 0; n--) {
		const enum bw_verdict verdict =
			(enum bw_verdict)timeline_get(merged, n - 1)->verdict;

		if (verdict == BW_UP || verdict == BW_FLAPPING)
			return n == merged->intervals.count ? t_ns
							    : timeline_get(merged, n)->from_ns;
	}
	return INT64_MIN;
}

/* The last answer of those whose word does not count any more; INT64_MIN: none. */
static int64_t last_veto(const struct sweep *sweep, int64_t t_ns)
{
	const int64_t stopped = stopped_at(&sweep->block->merged, t_ns);
	int64_t last = INT64_MIN;

	for (uint32_t n = 0; n < sweep->block->views.count && stopped != INT64_MIN; n++) {
		const int64_t answered =
			answered_before(sweep, array_at(&sweep->block->views, n), stopped);

		last = answered > last ? answered : last;
	}
	return last;
}

/* Since when the block was up, or unknown after that; INT64_MIN: it was not. */
static int64_t last_return(const struct timeline *merged)
{
	for (uint32_t n = merged->intervals.count; n > 0; n--) {
		const struct interval *interval = timeline_get(merged, n - 1);

		if (interval->verdict != BW_UNKNOWN)
			return interval->verdict == BW_DARK ? INT64_MIN : interval->from_ns;
	}
	return INT64_MIN;
}

/* The block went dark within the bounds of all who say so, and not before the last answer. */
static void bound_dark(struct sweep *sweep, struct interval *interval, const struct interval *last)
{
	const int64_t veto = last_veto(sweep, interval->decided_ns);
	const int64_t returned = last_return(&sweep->block->merged);
	struct merge_bounds both;
	size_t count = 0;

	for (uint32_t n = 0; n < sweep->block->views.count; n++) {
		const struct merge_vote *vote = &sweep->votes[n];

		if (vote->can_tell && !vote->cut_off && vote->verdict == BW_DARK)
			sweep->bounds[count++] =
				(struct merge_bounds){sweep->changes[n]->earliest_ns,
						      sweep->changes[n]->at_ns};
	}
	if (count == 0)
		return; /* those who say so are cut off: it goes on */
	both = merge_bounds_dark(sweep->bounds, count);
	if (both.earliest_ns < veto)
		both.earliest_ns = veto;
	if (both.earliest_ns < returned)
		both.earliest_ns = returned;
	if (both.latest_ns < both.earliest_ns || (last && both.latest_ns <= last->from_ns))
		both.latest_ns = interval->decided_ns;
	interval->from_ns = both.latest_ns;
	interval->earliest_ns =
		both.earliest_ns < both.latest_ns ? both.earliest_ns : both.latest_ns;
}

/*
 * The return of the block as a view bounds it, which was dark to it until T or is so still. NULL:
 * it says nothing of it.
 */
static const struct change *return_of(const struct sweep *sweep, uint32_t number, int64_t t_ns)
{
	const struct board_view *view = array_at(&sweep->block->views, number);
	const struct merge_vote *vote = &sweep->votes[number];
	const struct change *change = sweep->changes[number];

	if (!vote->can_tell || vote->cut_off || !change)
		return NULL;
	if (change->verdict == BW_DARK)
		change = change_after(view, t_ns);
	else if (change->at_ns != t_ns)
		return NULL;
	return says_up(change) ? change : NULL;
}

/* The first answer ends the silence of all. */
static void bound_answer(struct sweep *sweep, struct interval *interval)
{
	const int64_t t = interval->decided_ns;
	size_t count = 0;

	for (uint32_t n = 0; n < sweep->block->views.count; n++) {
		const struct change *change = return_of(sweep, n, t);

		if (change)
			sweep->bounds[count++] =
				(struct merge_bounds){change->earliest_ns, change->at_ns};
	}
	interval->earliest_ns = merge_bounds_back(sweep->bounds, count, t).earliest_ns;
}

/* Without a bound of its own, a change behind a time of which nobody could tell began in it. */
static void bound_gap(struct interval *interval, const struct interval *last)
{
	if (interval->verdict != BW_UNKNOWN && last && last->verdict == BW_UNKNOWN &&
	    interval->earliest_ns == interval->from_ns)
		interval->earliest_ns = last->from_ns;
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
	bound_gap(&interval, last);
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
