/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/round/conditions.h"

#include <math.h>

#include "infer/condition/border.h"
#include "infer/condition/observe.h"
#include "infer/coverage.h"
#include "vantage/watch/schedule/siblings.h"

#define SCAN_MAX 1024 /* candidates that are looked at for one of a silent part */

/* From now on the one address that answers proves nothing: what is left is silence. */
static void doubt_border(struct ledger *l, uint32_t number)
{
	struct block *block = &l->blocks[number];
	const struct condition *condition = &l->tracks[number].condition;
	const struct condition_evidence evidence =
		condition_store_get(&l->conditions, &l->tracks[number]);

	if (condition->last_host == CONDITION_NO_HOST || block_is_down(block) ||
	    block->verdict == BW_UNKNOWN)
		return;
	if (condition->others_s)
		block->last_answer.ns = (int64_t)condition->others_s * BW_S;
	block->log_odds =
		fminf(block->log_odds, l->config.params.start_nats - border_quiet_nats(&evidence));
	block->conditions |= BW_SUSPECT;
}

void conditions_learn(struct ledger *l, uint32_t number, struct round *round)
{
	struct track *track = &l->tracks[number];
	struct condition_evidence evidence = condition_store_get(&l->conditions, track);
	const struct observe_probes probes = {
		.extra = round->extra_probes,
		.listed = !roster_is_open(l->config.roster, number),
		.answered = siblings_answered(l, number),
	};

	observe_round(&track->condition, &evidence, &l->blocks[number], &round->x, &probes);
	condition_store_keep(&l->conditions, track, &evidence);
	observe_neutralise(&track->condition, &probes, &round->x);
	round->cold_rate = l->blocks[number].hot.cold;
}

void conditions_apply(struct ledger *l, uint32_t number, const struct round *round)
{
	struct block *block = &l->blocks[number];
	unsigned now = l->tracks[number].condition.conditions;
	/* What answers show ends with them; it is kept for the time after the outage. */
	unsigned shown = block_is_down(block) ? now & BW_BORDER_ONLY : now;
	bool border = now & ~(unsigned)block->conditions & BW_BORDER_ONLY;

	if (round->extra_probes) /* no fair sample of how often cold hosts answer */
		block->hot.cold = round->cold_rate;
	block->conditions = (block->conditions & ~(unsigned)CONDITION_CONDITIONS & 0xfff) |
			    (shown & CONDITION_CONDITIONS);
	if (border)
		doubt_border(l, number);
}

/* A block that is down is heard again: by its border? */
static bool meets_border(struct ledger *l, const struct outcome *outcome)
{
	struct track *track = &l->tracks[outcome->probe.subject];
	const struct condition_evidence evidence = condition_store_get(&l->conditions, track);

	return border_meets(&track->condition, &evidence, &l->blocks[outcome->probe.subject],
			    outcome->probe.host, outcome->ttl);
}

bool conditions_outcome(struct ledger *l, const struct outcome *outcome)
{
	struct track *track = &l->tracks[outcome->probe.subject];

	if (outcome->kind == OUTCOME_ERROR && outcome->reply == REPLY_HOST_UNREACHABLE)
		border_unreachable(&track->condition, &outcome->from);
	if (outcome->kind != OUTCOME_REPLY)
		return false;
	if (border_is(&track->condition, outcome->probe.host) ||
	    (block_is_down(&l->blocks[outcome->probe.subject]) && meets_border(l, outcome)))
		return true;
	observe_reply(&track->condition, outcome->probe.host, outcome->ttl, outcome->rtt_ns,
		      (int64_t)track->srtt_us * BW_US);
	return false;
}

void conditions_seek_border(struct ledger *l, uint32_t number)
{
	if (roster_is_open(l->config.roster, number))
		l->blocks[number].cold_from = ROSTER_OPEN_FIRST;
}

void conditions_plan(const struct ledger *l, uint32_t number, struct round *round, double chance)
{
	const struct track *track = &l->tracks[number];
	const struct condition_evidence evidence = condition_store_get(&l->conditions, track);

	round->extra_probes = 0;
	round->extra = (struct extra){.kind = EXTRA_COLD};
	if (!ledger_is_lossy(l, number))
		round->extra =
			extra_wanted(&track->condition, &evidence, &l->blocks[number], chance);
	round->cold_probes = (uint8_t)coverage_cold_probes(&l->blocks[number], chance);
}

/* RESPONSIVE: none that was silent last time, as nothing new can be learned of the border by it. */
static bool find_hot(const struct block *block, const struct evidence_log *x, bool responsive,
		     uint16_t *ret_host)
{
	for (unsigned i = 0; i < block->hot.count; i++) {
		*ret_host = hotlist_pick(&block->hot, block->hosts, block->cold_from, i);
		if (hotlist_has(&block->hot, *ret_host) && !evidence_has_asked(x, *ret_host) &&
		    (!responsive || hotlist_is_responsive(&block->hot, *ret_host)))
			return true;
	}
	return false;
}

static unsigned part_of(const struct ledger *l, uint32_t number, uint16_t host)
{
	const struct roster *roster = l->config.roster;
	struct bw_addr addr = roster_host_addr(roster, number, host);

	return parts_of(&addr, bw_network_block_length(roster_network_of(roster, number)->network));
}

static bool find_in_parts(const struct ledger *l, uint32_t number, const struct round *round,
			  uint16_t *ret_host)
{
	const struct block *block = &l->blocks[number];
	const struct condition_evidence evidence =
		condition_store_get(&l->conditions, &l->tracks[number]);

	for (unsigned i = 0; i < block->hosts && i < SCAN_MAX; i++) {
		uint16_t host = (uint16_t)((block->cold_from + i) % block->hosts);
		unsigned part = part_of(l, number, host);

		*ret_host = host;
		if (round->extra.parts & 1U << part && !hotlist_has(&block->hot, host) &&
		    !evidence_has_asked(&round->x, host) &&
		    extra_is_new_host(&evidence, part, host))
			return true;
	}
	return false;
}

static bool find_cold(const struct ledger *l, uint32_t number, const struct round *round,
		      uint16_t *ret_host)
{
	const struct block *block = &l->blocks[number];
	unsigned avoid = round->extra.compares ? round->extra.parts : 0;

	for (unsigned i = 0; i < block->hosts && i < SCAN_MAX; i++) {
		*ret_host = (uint16_t)((block->cold_from + i) % block->hosts);
		if (!hotlist_has(&block->hot, *ret_host) &&
		    !evidence_has_asked(&round->x, *ret_host) &&
		    !(avoid && avoid & 1U << part_of(l, number, *ret_host)))
			return true;
	}
	return false;
}

static bool find_extra(const struct ledger *l, uint32_t number, const struct round *round,
		       uint16_t *ret_host)
{
	const struct block *block = &l->blocks[number];

	switch (round->extra.kind) {
	case EXTRA_COLD:
		return false;
	case EXTRA_PART:
		return find_in_parts(l, number, round, ret_host);
	case EXTRA_HOT:
		return find_hot(block, &round->x, false, ret_host);
	case EXTRA_BORDER:
		return find_hot(block, &round->x, true, ret_host);
	}
	return false;
}

bool conditions_pick(const struct ledger *l, uint32_t number, struct round *round,
		     uint16_t *ret_host)
{
	struct extra *extra = &round->extra;

	if (extra->count > 0 && find_extra(l, number, round, ret_host)) {
		extra->count--;
		round->extra_probes |= UINT32_C(1) << round->x.count;
		if (extra->compares && round->cold_probes == 0)
			round->cold_probes = 1;
		return true;
	}
	extra->count = 0; /* no further host of that kind */
	if (round->cold_probes == 0)
		return false;
	round->cold_probes--;
	return find_cold(l, number, round, ret_host);
}
