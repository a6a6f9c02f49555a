/* SPDX-License-Identifier: Apache-2.0 */
/* How blocks answer (infer/condition.h), told by the rounds of rounds; there is none in a check. */
#include <math.h>

#include "infer/condition/border.h"
#include "infer/condition/observe.h"
#include "infer/coverage.h"
#include "vantage/state.h"

#define SCAN_MAX 1024 /* candidates that are looked at for one of a silent part */

/* The two bits behind the prefix. */
unsigned conditions_part_of(const struct vantage *v, uint32_t number, const struct bw_addr *addr)
{
	unsigned length =
		bw_network_block_length(roster_network_of(v->config.roster, number)->network);
	unsigned part = 0;

	if (length + 2 > bw_addr_bits(addr))
		return 0;
	for (unsigned bit = length; bit < length + 2; bit++)
		part = part << 1 | (addr->bytes[bit / 8] >> (7 - bit % 8) & 1U);
	return part;
}

static unsigned part_of(const struct vantage *v, uint32_t number, uint16_t host)
{
	struct bw_addr addr = roster_host_addr(v->config.roster, number, host);

	return conditions_part_of(v, number, &addr);
}

/* From now on the one address that answers says nothing: what is left is an outage's silence. */
static void doubt_border(struct vantage *v, uint32_t number)
{
	struct block *block = &v->blocks[number];
	const struct condition *condition = &v->watches[number].condition;
	const struct condition_evidence unrest = condition_store_of(v, number);

	if (condition->last_host == CONDITION_NO_HOST || block_is_down(block) ||
	    block->verdict == BW_UNKNOWN)
		return;
	if (condition->others_s)
		block->last_answer.ns = (int64_t)condition->others_s * BW_S;
	block->log_odds = fminf(block->log_odds, v->config.params.start_nats - unrest.nats);
	block->conditions |= BW_SUSPECT;
}

void conditions_learn(struct vantage *v, uint32_t number)
{
	struct condition *condition = &v->watches[number].condition;
	struct condition_evidence unrest = condition_store_of(v, number);
	struct evidence_log *x = &round_of(v, number)->x;
	struct observe_probes asked = {
		.extra = round_of(v, number)->wished,
		.listed = !roster_network_of(v->config.roster, number)->is_open,
	};

	observe_round(condition, &unrest, &v->blocks[number], x, &asked);
	condition_store_keep(v, number, &unrest);
	observe_neutralise(condition, &asked, x);
	round_of(v, number)->cold = v->blocks[number].hot.cold;
}

void conditions_settle(struct vantage *v, uint32_t number)
{
	struct block *block = &v->blocks[number];
	unsigned now = v->watches[number].condition.conditions;
	bool border = now & ~(unsigned)block->conditions & BW_BORDER_ONLY;
	const struct round *round = round_of(v, number);

	if (round->wished) /* no fair choice: nothing is learned of how often they answer */
		block->hot.cold = round->cold;
	block->conditions = (block->conditions & ~(unsigned)CONDITION_CONDITIONS & 0xfff) |
			    (now & CONDITION_CONDITIONS);
	if (border)
		doubt_border(v, number);
}

/* A block that is down is heard again: by the border? */
static bool meets_border(struct vantage *v, const struct outcome *outcome)
{
	uint32_t number = outcome->probe.subject;
	const struct condition_evidence unrest = condition_store_of(v, number);

	return border_meets(&v->watches[number].condition, &unrest, &v->blocks[number],
			    outcome->probe.host, outcome->ttl);
}

bool conditions_hear(struct vantage *v, const struct outcome *outcome)
{
	struct watch *watch;

	if (!vantage_has_rounds(v))
		return false;
	watch = &v->watches[outcome->probe.subject];
	if (outcome->kind == OUTCOME_ERROR && outcome->reply == REPLY_HOST_UNREACHABLE)
		border_unreachable(&watch->condition, &outcome->from);
	if (outcome->kind != OUTCOME_REPLY)
		return false;
	if (border_is(&watch->condition, outcome->probe.host) ||
	    (block_is_down(&v->blocks[outcome->probe.subject]) && meets_border(v, outcome)))
		return true;
	observe_reply(&watch->condition, outcome->probe.host, outcome->ttl, outcome->rtt_ns,
		      (int64_t)watch->srtt_us * BW_US);
	return false;
}

void conditions_seek_border(struct vantage *v, uint32_t number)
{
	if (roster_network_of(v->config.roster, number)->is_open)
		v->blocks[number].cold_from = ROSTER_OPEN_FIRST;
}

void conditions_wish(struct vantage *v, uint32_t number, double chance)
{
	struct round *round = round_of(v, number);
	const struct condition_evidence unrest = condition_store_of(v, number);

	round->wish = (struct extra){.kind = EXTRA_COLD};
	if (!current_loss_is_bad(v, number))
		round->wish = extra_wanted(&v->watches[number].condition, &unrest,
					   &v->blocks[number], chance);
	round->explores = (uint8_t)coverage_cold_probes(&v->blocks[number], chance);
}

static bool was_asked(const struct evidence_log *x, uint16_t host)
{
	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].host == host)
			return true;
	return false;
}

static bool find_hot(const struct block *block, const struct evidence_log *x, uint16_t *ret_host)
{
	for (unsigned i = 0; i < block->hot.count; i++) {
		*ret_host = hotlist_pick(&block->hot, block->hosts, block->cold_from, i);
		if (hotlist_has(&block->hot, *ret_host) && !was_asked(x, *ret_host))
			return true;
	}
	return false;
}

static bool find_in_parts(const struct vantage *v, uint32_t number, const struct round *round,
			  uint16_t *ret_host)
{
	const struct block *block = &v->blocks[number];
	const struct condition_evidence unrest = condition_store_of(v, number);

	for (unsigned i = 0; i < block->hosts && i < SCAN_MAX; i++) {
		uint16_t host = (uint16_t)((block->cold_from + i) % block->hosts);
		unsigned part = part_of(v, number, host);

		*ret_host = host;
		if (round->wish.parts & 1U << part && !hotlist_has(&block->hot, host) &&
		    !was_asked(&round->x, host) && extra_is_new_host(&unrest, part, host))
			return true;
	}
	return false;
}

static bool find_cold(const struct vantage *v, uint32_t number, const struct round *round,
		      uint16_t *ret_host)
{
	const struct block *block = &v->blocks[number];
	unsigned avoid = round->wish.compares ? round->wish.parts : 0;

	for (unsigned i = 0; i < block->hosts && i < SCAN_MAX; i++) {
		*ret_host = (uint16_t)((block->cold_from + i) % block->hosts);
		if (!hotlist_has(&block->hot, *ret_host) && !was_asked(&round->x, *ret_host) &&
		    !(avoid && avoid & 1U << part_of(v, number, *ret_host)))
			return true;
	}
	return false;
}

bool conditions_pick(struct vantage *v, uint32_t number, uint16_t *ret_host)
{
	const struct block *block = &v->blocks[number];
	struct round *round = round_of(v, number);

	if (round->wish.count > 0 &&
	    (round->wish.kind == EXTRA_HOT ? find_hot(block, &round->x, ret_host)
					   : find_in_parts(v, number, round, ret_host))) {
		round->wish.count--;
		round->wished |= UINT32_C(1) << round->x.count;
		if (round->wish.compares && round->explores == 0)
			round->explores = 1;
		return true;
	}
	round->wish.count = 0; /* nobody more of that kind */
	if (round->explores == 0)
		return false;
	round->explores--;
	return find_cold(v, number, round, ret_host);
}

unsigned conditions_parts(const struct vantage *v, uint32_t number)
{
	struct condition_evidence unrest;

	if (!vantage_has_rounds(v) || !(v->watches[number].condition.conditions & BW_PARTIAL))
		return 0; /* as nearly always: its unrest is far away in memory */
	unrest = condition_store_of(v, number);
	return condition_silent_parts(&v->watches[number].condition, &unrest);
}
