/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/merge/merge.h"

struct tally {
	unsigned up, flapping, dark, dark_cut_off, upstreams;
};

/* Whether a vote for dark before this one came by the same upstream network. */
static bool is_repeated(const struct merge_vote *votes, size_t number)
{
	for (size_t i = 0; i < number; i++)
		if (votes[i].can_tell && !votes[i].cut_off && votes[i].verdict == BW_DARK &&
		    votes[i].upstream == votes[number].upstream)
			return true;
	return false;
}

static void count_dark(const struct merge_vote *votes, size_t number, struct tally *tally)
{
	if (votes[number].cut_off) {
		tally->dark_cut_off++;
		return;
	}
	tally->dark++;
	tally->upstreams += !is_repeated(votes, number);
}

static struct tally count_votes(const struct merge_vote *votes, size_t count)
{
	struct tally tally = {0};

	for (size_t i = 0; i < count; i++) {
		if (!votes[i].can_tell)
			continue;
		switch (votes[i].verdict) {
		case BW_UP:
			tally.up++;
			break;
		case BW_FLAPPING:
			tally.flapping++;
			break;
		case BW_DARK:
			count_dark(votes, i, &tally);
			break;
		case BW_UNKNOWN:
		case BW_PARTLY_DARK:
			break;
		}
	}
	return tally;
}

struct merge_result merge_votes(const struct merge_rule *rule, const struct merge_vote *votes,
				size_t count, enum bw_verdict before)
{
	const struct tally tally = count_votes(votes, count);
	struct merge_result result = {.verdict = BW_UNKNOWN, .upstreams = tally.upstreams};

	result.mixed = tally.up + tally.flapping > 0 && tally.dark > 0;
	if (tally.up > 0) {
		result.verdict = BW_UP;
	} else if (tally.flapping > 0) {
		result.verdict = BW_FLAPPING;
	} else if (tally.dark > 0 && tally.upstreams >= rule->quorum) {
		result.verdict = BW_DARK;
	} else if (tally.dark_cut_off > 0) {
		result.verdict = before;
	} else {
		result.lacks_quorum = tally.dark > 0;
	}
	return result;
}
