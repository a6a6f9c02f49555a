/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sentinels show whether the vantage itself is online: references, the default
 * gateway, and as witnesses one or two hosts of blocks that were found up. In a
 * check they are asked each second while a block is in question; in rounds each
 * second while one is, else each five seconds, so that a silence is never
 * judged without a sign of life beside it.
 *
 * A vantage that is found blind (rounds only) aborts all rounds: what they
 * have heard and not heard since the last sign of life is void. Beliefs stay,
 * records say unknown, and nothing is asked but the sentinels, until one of
 * them answers; then the rounds are spread anew. No event comes of it.
 */
#include "vantage/state.h"

#define BUSY_NS BW_S
#define IDLE_NS (5 * BW_S)
#define LIFE_NS (6 * BW_S) /* without an answer of a sentinel, beside the timeout: blind */
#define UNRELATED_MIN 3    /* targets that fall silent together: it is the vantage's uplink */

static void ask(struct vantage *v, uint32_t subject, const struct bw_addr *addr,
		struct bw_method method, uint8_t egress)
{
	struct budget_spent *spent = &v->spent[subject - v->config.roster->block_count];
	struct probe probe = {
		.subject = subject,
		.dst = *addr,
		.method = method,
		.egress = egress,
		.patience_us = (uint32_t)(v->config.params.timeout_ns / BW_US),
	};

	if (egress != ROSTER_NO_EGRESS && budget_take(&v->pace, spent, v->now.mono))
		(void)engine_submit(v->engine, &probe); /* full queue: the next time will do */
}

/* In rounds only where nothing else can testify, and somebody is in question. */
static bool wants_witnesses(const struct vantage *v)
{
	if (!vantage_has_rounds(v) || v->blind_reasons)
		return true;
	return v->suspects > 0 && !v->health.seen[HEALTH_REFERENCE] &&
	       !v->health.seen[HEALTH_GATEWAY];
}

/*
 * While it is blind, hosts drawn by lot are asked too, as far as their blocks' hours have
 * room: the witnesses may have gone off meanwhile, or nobody has answered since the start.
 */
static void draw_witness(struct vantage *v)
{
	const struct roster *roster = v->config.roster;
	uint32_t lot = (uint32_t)rng_below(&v->rng, roster->block_count);
	const struct block *block = &v->blocks[lot];
	uint16_t host;
	struct bw_mono at;

	if (!block->known || block->hosts == 0 || !schedule_can_ask(v, lot, &at))
		return;
	schedule_asked(v, lot);
	/* One that was hot, or any other: those may all have gone off. */
	host = (uint16_t)rng_below(&v->rng, block->hosts);
	if (block->hot.count > 0 && rng_below(&v->rng, 2) == 0)
		host = block->hot.hosts[rng_below(&v->rng, block->hot.count)];
	if (v->witness_count < WITNESSES)
		v->witness_count++;
	v->witnesses[v->witness_count - 1] = (struct witness){
		.addr = roster_host_addr(roster, lot, host),
		.method = roster_method(roster, lot, host, hotlist_method(&block->hot, host)),
		.egress = roster->networks[vantage_network_of(v, lot)].egress,
	};
}

static void ask_all(struct vantage *v)
{
	const struct roster *roster = v->config.roster;
	uint32_t subject = roster->block_count;

	if (vantage_has_rounds(v) && v->blind_reasons && roster->block_count > 0)
		draw_witness(v);
	for (uint32_t i = 0; i < roster->sentinel_count; i++, subject++)
		ask(v, subject, &roster->sentinels[i].addr, roster->sentinels[i].method,
		    roster->sentinels[i].egress);
	for (uint32_t i = 0; i < v->witness_count && wants_witnesses(v); i++, subject++)
		ask(v, subject, &v->witnesses[i].addr, v->witnesses[i].method,
		    v->witnesses[i].egress);
}

static void see_again(struct vantage *v)
{
	if (v->blind_held)
		return;
	v->blind_reasons = 0;
	current_loss_forget(v);
	records_vantage(v);
	schedule_spread(v);
}

/* Where there is nobody to ask, nobody can answer: it would stay blind for ever. */
void sentinels_release(struct vantage *v)
{
	if (v->blind_reasons && v->config.roster->sentinel_count == 0 && v->witness_count == 0)
		see_again(v);
}

static void add_reasons(struct vantage *v, unsigned reasons)
{
	unsigned before = v->blind_reasons;

	v->blind_reasons |= reasons;
	if (v->blind_reasons != before)
		records_vantage(v);
}

void sentinels_blind(struct vantage *v, unsigned reasons)
{
	const struct roster *roster = v->config.roster;

	if (v->blind_reasons) {
		add_reasons(v, reasons);
		return;
	}
	v->blind_reasons = reasons;
	v->blind_since = v->now.mono;
	records_vantage(v);
	for (uint32_t i = 0; i < roster->block_count; i++) {
		verdict_clear_suspicion(&v->blocks[i], &v->config.params);
		if (!round_of(v, i))
			continue;
		round_abort(v, i);
		schedule_next(v, i);
	}
	v->sentinels_at = v->now.mono;
}

/* Sentinels that used to answer and do not any more, with nothing else alive beside them. */
static void watch_life(struct vantage *v)
{
	struct bw_mono since = {v->now.mono.ns - LIFE_NS - v->config.params.timeout_ns};
	bool sentinel = v->health.seen[HEALTH_REFERENCE] || v->health.seen[HEALTH_GATEWAY];

	if (bw_mono_before(since, v->awake.mono))
		return;
	if (!v->blind_reasons && sentinel && health_reasons(&v->health, since))
		sentinels_blind(v, health_reasons(&v->health, since));
	else if (v->blind_reasons && !health_reasons(&v->health, v->blind_since))
		see_again(v);
}

void sentinels_tick(struct vantage *v)
{
	bool busy = v->blind_reasons || v->suspects > 0 || !vantage_has_rounds(v);

	if (bw_mono_before(v->now.mono, v->sentinels_at))
		return;
	v->sentinels_at = bw_mono_add(v->now.mono, busy ? BUSY_NS : IDLE_NS);
	if (vantage_has_rounds(v))
		watch_life(v);
	ask_all(v);
}

void sentinels_outcome(struct vantage *v, const struct outcome *outcome)
{
	const struct roster *roster = v->config.roster;
	uint32_t i = outcome->probe.subject - roster->block_count;
	enum health_source source =
		i < roster->sentinel_count ? roster->sentinels[i].source : HEALTH_BLOCK;

	if (outcome->kind == OUTCOME_REPLY)
		health_answered(&v->health, source, outcome->sent);
	if (source != HEALTH_GATEWAY && v->health.seen[source] && !outcome->late)
		loss_count(&v->health.loss, 1, outcome->kind == OUTCOME_REPLY, v->now.mono);
	if (v->blind_reasons && outcome->kind == OUTCOME_REPLY &&
	    !health_reasons(&v->health, v->blind_since))
		see_again(v);
}

void sentinels_add_witness(struct vantage *v, const struct outcome *outcome)
{
	uint32_t at = v->witness_count < WITNESSES ? v->witness_count++ : v->witness_next;

	v->witness_next = (at + 1) % WITNESSES;
	v->witnesses[at] = (struct witness){
		.addr = outcome->probe.dst,
		.method = outcome->probe.method,
		.egress = outcome->probe.egress,
	};
}

unsigned sentinels_judge(struct vantage *v, struct bw_mono since)
{
	struct bw_transport_stats stats;
	unsigned reasons;

	v->config.transport->ops->stats(v->config.transport->self, &stats);
	health_drops(&v->health, stats.received, stats.capture_dropped);
	reasons = health_reasons(&v->health, since);
	/* Where no reference can testify: many targets do not fall silent by chance together. */
	if (!reasons && vantage_has_rounds(v) && !v->health.seen[HEALTH_REFERENCE] &&
	    v->config.roster->target_count >= UNRELATED_MIN && v->health.seen[HEALTH_BLOCK] &&
	    bw_mono_before(v->health.life[HEALTH_BLOCK], since))
		reasons = BW_WHY_VANTAGE_OFFLINE;
	return reasons;
}
