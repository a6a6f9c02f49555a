/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/sentinels.h"

#include <errno.h>
#include <stdlib.h>

#define DRAWS 8
#define LATELY_NS (60 * BW_S) /* a reference that answers has done so since */
#define PATIENCE_MIN_NS (750 * BW_MS)
#define PATIENCE_RTTS 4
#define SRTT_SHARE 8 /* of a new round-trip time in the smoothed one: one in this many */

static const int64_t pace_ns[] = {
	[SENTINELS_IDLE] = 5 * BW_S,
	[SENTINELS_SAVING] = 2 * BW_S,
	[SENTINELS_FOCUS] = 6 * BW_S / 5, /* slower than the pace: some are saved for haste */
	[SENTINELS_BUSY] = BW_S,
	[SENTINELS_HASTY] = BW_S / 4,
};

static uint32_t sentinel_count(const struct sentinels *s)
{
	return s->ledger->config.roster->sentinel_count;
}

int sentinels_init(struct sentinels *s, const struct sentinels *borrowed)
{
	*s = *borrowed;
	s->at = s->ledger->now.mono;
	s->spent =
		calloc(sentinel_count(s) + SENTINELS_WITNESSES * BW_EGRESS_MAX, sizeof(*s->spent));
	s->has_answered = calloc(sentinel_count(s) + 1, sizeof(*s->has_answered));
	s->life = calloc(sentinel_count(s) + 1, sizeof(*s->life));
	return s->spent && s->has_answered && s->life ? 0 : -ENOMEM;
}

void sentinels_fini(struct sentinels *s)
{
	free(s->spent);
	free(s->has_answered);
	free(s->life);
}

bool sentinels_are_due(struct sentinels *s, enum sentinels_pace pace)
{
	struct bw_mono now = s->ledger->now.mono;

	if (bw_mono_before(now, s->at))
		return false;
	s->at = bw_mono_add(now, pace_ns[pace]);
	return true;
}

void sentinels_hurry(struct sentinels *s)
{
	s->at = s->ledger->now.mono;
}

static void ask(struct sentinels *s, uint32_t number, const struct bw_addr *addr,
		struct bw_method method, uint8_t egress)
{
	const struct ledger *l = s->ledger;
	struct probe probe = {
		.client = PROBE_OF_SENTINEL,
		.subject = number,
		.dst = *addr,
		.method = method,
		.egress = egress,
		.patience_us = (uint32_t)(l->config.params.timeout_ns / BW_US),
	};

	if (egress != ROSTER_NO_EGRESS &&
	    budget_take(&s->allowance->pace, &s->spent[number], l->now.mono))
		(void)engine_submit(s->engine, &probe); /* full queue: the next time will do */
}

void sentinels_ask(struct sentinels *s)
{
	const struct roster *roster = s->ledger->config.roster;

	for (uint32_t n = 0; n < roster->sentinel_count; n++) {
		const struct roster_sentinel *sentinel = &roster->sentinels[n];

		ask(s, n, &sentinel->addr, sentinel->method, sentinel->egress);
	}
}

void sentinels_ask_witnesses(struct sentinels *s, unsigned way)
{
	const struct sentinels_witnesses *witnesses = &s->witnesses[way];
	uint32_t number = sentinel_count(s) + way * SENTINELS_WITNESSES;

	for (uint32_t i = 0; i < witnesses->count; i++)
		ask(s, number + i, &witnesses->list[i].addr, witnesses->list[i].method,
		    (uint8_t)way);
}

/* Returns a block of the way, or any other if few blocks are. */
static uint32_t draw_block(struct sentinels *s, unsigned way)
{
	uint32_t drawn = 0;

	for (unsigned i = 0; i < DRAWS; i++) {
		drawn = (uint32_t)rng_below(s->rng, s->ledger->config.roster->block_count);
		if (ledger_way_of(s->ledger, drawn) == way)
			break;
	}
	return drawn;
}

/* The witnesses may have gone off meanwhile, or nobody has answered since the start. */
void sentinels_draw_witness(struct sentinels *s, unsigned way)
{
	const struct roster *roster = s->ledger->config.roster;
	struct sentinels_witnesses *witnesses = &s->witnesses[way];
	uint32_t drawn = draw_block(s, way);
	const struct block *block = &s->ledger->blocks[drawn];
	uint16_t host;

	if (ledger_way_of(s->ledger, drawn) != way || !block->known || block->hosts == 0 ||
	    !allowance_can_bear_witness(s->allowance, drawn))
		return;
	allowance_take(s->allowance, drawn);
	/* One that was hot, or any other: those may all have gone off. */
	host = (uint16_t)rng_below(s->rng, block->hosts);
	if (block->hot.count > 0 && rng_below(s->rng, 2) == 0)
		host = block->hot.hosts[rng_below(s->rng, block->hot.count)];
	if (witnesses->count < SENTINELS_WITNESSES)
		witnesses->count++;
	witnesses->list[witnesses->count - 1] = (struct sentinels_witness){
		.addr = roster_host_addr(roster, drawn, host),
		.method = roster_method(roster, drawn, host, hotlist_method(&block->hot, host)),
	};
}

void sentinels_add_witness(struct sentinels *s, const struct outcome *outcome)
{
	struct sentinels_witnesses *witnesses = &s->witnesses[outcome->probe.egress];
	uint32_t at = witnesses->count < SENTINELS_WITNESSES ? witnesses->count++ : witnesses->next;

	witnesses->next = (at + 1) % SENTINELS_WITNESSES;
	witnesses->list[at] = (struct sentinels_witness){
		.addr = outcome->probe.dst,
		.method = outcome->probe.method,
		.has_answered = true,
	};
}

/* NULL: a witness that another has replaced since the probe was sent. */
static bool *has_answered(struct sentinels *s, const struct probe *probe)
{
	struct sentinels_witnesses *witnesses = &s->witnesses[probe->egress];
	uint32_t number = probe->subject - sentinel_count(s);
	uint32_t index = number % SENTINELS_WITNESSES;

	if (probe->subject < sentinel_count(s))
		return &s->has_answered[probe->subject];
	if (index >= witnesses->count || !bw_addr_equal(&witnesses->list[index].addr, &probe->dst))
		return NULL;
	return &witnesses->list[index].has_answered;
}

void sentinels_sent(struct sentinels *s, const struct probe *probe, struct bw_mono sent)
{
	struct sentinels_life *life;

	if (probe->subject >= sentinel_count(s))
		return;
	life = &s->life[probe->subject];
	life->sent[life->next] = sent;
	life->next = (uint8_t)((life->next + 1U) % SENTINELS_SENT);
}

static int64_t patience_ns(const struct sentinels *s, const struct sentinels_life *life)
{
	int64_t ns = PATIENCE_RTTS * life->srtt_ns, timeout = s->ledger->config.params.timeout_ns;

	if (ns < PATIENCE_MIN_NS)
		ns = PATIENCE_MIN_NS;
	return ns < timeout ? ns : timeout;
}

/* The probes that were sent after SINCE and not after UNTIL. */
static unsigned count_sent(const struct sentinels_life *life, struct bw_mono since,
			   struct bw_mono until)
{
	unsigned count = 0;

	for (unsigned i = 0; i < SENTINELS_SENT; i++)
		count += bw_mono_before(since, life->sent[i]) &&
			 !bw_mono_before(until, life->sent[i]);
	return count;
}

struct sentinels_silence sentinels_silence(const struct sentinels *s, unsigned way)
{
	const struct roster *roster = s->ledger->config.roster;
	const struct fitness *fitness = &s->ledger->ways.of[way];
	struct bw_mono now = s->ledger->now.mono, lately = bw_mono_add(now, -LATELY_NS);
	struct sentinels_silence silence = {.since = fitness->awake};
	unsigned references = 0, owing = 0;

	silence.since = bw_mono_max(silence.since, fitness->health.life[HEALTH_REFERENCE]);
	silence.since = bw_mono_max(silence.since, fitness->health.life[HEALTH_BLOCK]);
	for (uint32_t n = 0; n < roster->sentinel_count; n++) {
		const struct roster_sentinel *sentinel = &roster->sentinels[n];
		const struct sentinels_life *life = &s->life[n];
		struct bw_mono overdue;
		unsigned silent;

		if (sentinel->way != way || sentinel->source != HEALTH_REFERENCE ||
		    !s->has_answered[n] || bw_mono_before(life->answered, lately))
			continue;
		overdue = bw_mono_add(now, -patience_ns(s, life));
		silent = count_sent(life, silence.since, overdue);
		silence.probes += silent;
		silence.awaited += count_sent(life, silence.since, now) - silent;
		references++;
		owing += silent > 0;
	}
	silence.is_common = references > 0 && owing == references;
	return silence;
}

static void note_rtt(struct sentinels_life *life, int64_t rtt_ns)
{
	if (life->srtt_ns == 0)
		life->srtt_ns = rtt_ns;
	life->srtt_ns += (rtt_ns - life->srtt_ns) / SRTT_SHARE;
}

static void note_life(struct sentinels_life *life, const struct outcome *outcome)
{
	if (outcome->kind == OUTCOME_REPLY) {
		life->answered = bw_mono_max(life->answered, outcome->sent);
		life->misses = false;
		note_rtt(life, outcome->rtt_ns);
	} else if (outcome->kind == OUTCOME_TIMEOUT) {
		if (life->misses)
			life->missed = bw_mono_max(life->missed, outcome->sent);
		life->misses = true;
	}
}

void sentinels_outcome(struct sentinels *s, const struct outcome *outcome)
{
	const struct roster *roster = s->ledger->config.roster;
	uint32_t number = outcome->probe.subject;
	bool listed = number < roster->sentinel_count;
	enum health_source source = listed ? roster->sentinels[number].source : HEALTH_BLOCK;
	struct fitness *fitness =
		&s->ledger->ways.of[listed ? roster->sentinels[number].way : outcome->probe.egress];
	bool *answered = has_answered(s, &outcome->probe);
	bool replied = outcome->kind == OUTCOME_REPLY;

	if (replied)
		health_answered(&fitness->health, source, outcome->sent);
	if (outcome->kind == OUTCOME_ERROR)
		fitness_take_error(fitness, outcome);
	if (replied && answered)
		*answered = true;
	if (listed)
		note_life(&s->life[number], outcome);
	if (source != HEALTH_GATEWAY && answered && *answered && !outcome->late &&
	    (replied || outcome->kind == OUTCOME_TIMEOUT))
		health_count_reference(&fitness->health, replied, s->ledger->now.mono);
}

bool sentinels_miss_next_hop(const struct sentinels *s, unsigned way, struct bw_mono from,
			     struct bw_mono last)
{
	const struct roster *roster = s->ledger->config.roster;
	bool any = false, missed = false;

	for (uint32_t n = 0; n < roster->sentinel_count; n++) {
		if (!roster->sentinels[n].is_shared || roster->sentinels[n].way != way)
			continue;
		any |= s->has_answered[n];
		missed |= !s->has_answered[n] || bw_mono_before(s->life[n].answered, last) ||
			  (s->life[n].missed.ns != 0 && !bw_mono_before(s->life[n].missed, from));
	}
	return any && missed;
}

bool sentinels_are_none(const struct sentinels *s, unsigned way)
{
	const struct roster *roster = s->ledger->config.roster;

	for (uint32_t n = 0; n < roster->sentinel_count; n++)
		if (roster->sentinels[n].way == way)
			return false;
	return s->witnesses[way].count == 0;
}
