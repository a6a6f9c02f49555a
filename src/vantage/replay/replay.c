/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A capture in place of a network. The probes were chosen by whoever recorded
 * them, so there are no rounds of ours, no rounds and no engine: probe/passive.c
 * pairs what it sees, replay_block.c takes the outcomes for evidence. All that
 * follows from a decision (events, networks and targets, the records) is the
 * live vantage's own: a replay owns one that never sends (no way out, no tick),
 * and fills its blocks, its guard and its clock.
 *
 * Time is the capture's. Between two frames it goes from deadline to deadline,
 * so that an event is detected when patience was over and not when the next
 * frame happened to come. Rounds are a grid over it: at the end of each, every
 * block of which something was heard, or should have been, has its record.
 *
 * Sentinels are the references that were named and everything else that the
 * vantage asked: hosts outside of all blocks (a gateway), and the other blocks.
 * Nobody asks them on purpose here, so a judgement waits for the next sign of
 * life while somebody is left who may give it, for up to one round, before the
 * vantage is called blind.
 */
#include "vantage/replay/replay.h"

#include <errno.h>
#include <stdlib.h>

#include "base/addr/prefix_set.h"
#include "vantage/ledger/fitness/blindness.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/records.h"
#include "vantage/replay/replay_state.h"

#define LISTEN_NS (60 * BW_S)  /* late replies count for so long (Padmanabhan et al., IMC 2015) */
#define PENDING_MAX (1U << 22) /* requests within that time */
#define END_PATIENCE_NS BW_S   /* where the capture ends, silence so long is enough */
#define HOPE_NS (BW_S / 4)     /* who is left to be asked is looked up so often at most */
#define HOT_GUESS 0.9F         /* until learned: a host that has answered */
#define COLD_GUESS 0.05F

static struct replay_host *find_host(const struct replay *r, const struct bw_addr *addr)
{
	size_t low = 0, high = r->host_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = bw_addr_compare(&r->hosts[middle].addr, addr);

		if (order == 0)
			return &r->hosts[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool on_request(void *self, const struct bw_addr *prober, struct probe *probe,
		       struct bw_mono sent)
{
	const struct replay *r = self;
	const struct replay_host *host;

	(void)sent;
	if (!census_is_vantage(r->config.census, prober))
		return false;
	host = find_host(r, &probe->dst);
	if (!host)
		return false;
	probe->subject = host->block;
	probe->host = host->number;
	return true;
}

static void tell_counters(void *self, struct record_vantage *ret)
{
	const struct replay *r = self;
	const struct health *health = &r->ledger->fitness.health;
	struct passive_stats stats;

	passive_stats(r->passive, &stats);
	ret->sent = stats.requests;
	ret->received = stats.received;
	for (unsigned i = 0; i < REJECTS; i++)
		ret->rejected += i == REJECT_UNRELATED ? 0 : stats.rejected[i];
	if (!health->seen[HEALTH_REFERENCE] && !health->seen[HEALTH_BLOCK])
		ret->reasons = BW_WHY_NO_SIGN_OF_LIFE;
}

void replay_blind(struct replay *r, unsigned reasons)
{
	struct ledger *l = r->ledger;

	if (l->fitness.reasons)
		return;
	(void)blindness_enter(l, reasons);
	for (uint32_t i = 0; i < l->config.roster->block_count; i++)
		replay_block_abandon(r, i);
}

static void see_life(struct replay *r, const struct outcome *outcome)
{
	const struct replay_host *host = find_host(r, &outcome->probe.dst);
	struct ledger *l = r->ledger;

	health_answered(&l->fitness.health,
			host && host->is_reference ? HEALTH_REFERENCE : HEALTH_BLOCK,
			outcome->sent);
	if (!l->fitness.reasons || health_reasons(&l->fitness.health, l->fitness.since))
		return;
	r->void_before = outcome->sent;
	blindness_leave(l);
}

/* Who was heard when; of silences only those of hosts that would answer. */
static void note_time(struct replay *r, const struct outcome *outcome)
{
	uint32_t number = outcome->probe.subject;
	struct replay_block *rb = &r->blocks[number];
	struct bw_mono *last = outcome->kind == OUTCOME_REPLY ? &rb->heard : &rb->unheard;

	if (outcome->kind == OUTCOME_ERROR ||
	    (outcome->kind == OUTCOME_TIMEOUT && number < r->config.roster->block_count &&
	     !hotlist_has(&r->ledger->blocks[number].hot, outcome->probe.host)))
		return;
	if (bw_mono_before(*last, outcome->sent))
		*last = outcome->sent;
}

static void on_outcome(void *self, const struct outcome *outcome)
{
	struct replay *r = self;

	note_time(r, outcome);
	if (outcome->kind == OUTCOME_REPLY)
		see_life(r, outcome);
	if (outcome->probe.subject >= r->ledger->config.roster->block_count)
		return;
	r->busy = true;
	replay_block_outcome(r, outcome);
}

/* Which block each host that was asked is in, and its number there. */
static int place_hosts(struct replay *r)
{
	const struct roster *roster = r->config.roster;
	const struct bw_addr *asked = census_hosts(r->config.census, &r->host_count);
	struct prefix_set *set = prefix_set_new();
	uint32_t last = roster->block_count, number = 0, block;
	int code = set ? 0 : -ENOMEM;

	r->hosts = calloc(r->host_count + 1, sizeof(*r->hosts));
	for (uint32_t i = 0; i < roster->block_count && code == 0; i++) {
		struct bw_prefix prefix = roster_prefix(roster, i);

		code = prefix_set_add(set, &prefix, i);
	}
	if (code == 0)
		code = r->hosts ? prefix_set_seal(set) : -ENOMEM;
	for (size_t i = 0; i < r->host_count && code == 0; i++) {
		struct replay_host *host = &r->hosts[i];

		host->addr = asked[i];
		host->block = roster->block_count;
		if (!prefix_set_find(set, &asked[i], NULL, &block))
			continue;
		number = block == last ? number + 1 : 0;
		last = block;
		host->number = (uint16_t)number;
		if (number < UINT16_MAX)
			host->block = block;
	}
	prefix_set_free(set);
	return code;
}

bool replay_hopes(struct replay *r, uint32_t number, struct bw_mono since)
{
	const struct ledger *l = r->ledger;
	uint32_t count = l->config.roster->block_count;
	struct bw_mono recent = {l->now.mono.ns - r->config.round_ns - l->config.params.timeout_ns};

	if (bw_mono_since(l->now.mono, r->hoped) < HOPE_NS)
		return true;
	r->hoped = l->now.mono;
	for (uint32_t i = 0; i <= count; i++) {
		const struct replay_block *rb = &r->blocks[i];
		bool silent = !bw_mono_before(rb->unheard, since);

		if (i == number || silent || rb->heard.ns == BLOCK_NEVER_ANSWERED.ns ||
		    (i < count && block_is_down(&l->blocks[i])))
			continue;
		if (bw_mono_before(recent, rb->heard) || bw_mono_before(recent, rb->unheard))
			return true;
	}
	return false;
}

/* The listed hosts of a block that were asked testify from the beginning. */
static void seed_hotlist(struct replay *r, uint32_t number)
{
	const struct roster *roster = r->config.roster;
	struct hotlist *hot = &r->ledger->blocks[number].hot;
	uint16_t hosts[HOTLIST_MAX];
	uint8_t count = 0;
	float sum = 0;

	hotlist_init(hot, HOT_GUESS, COLD_GUESS);
	if (!roster_network_of(roster, number)->known)
		return;
	for (uint16_t h = 0; h < roster->blocks[number].host_count && count < HOTLIST_MAX; h++) {
		struct bw_addr addr = roster_host_addr(roster, number, h);
		const struct replay_host *host = find_host(r, &addr);

		if (!host || host->block != number)
			continue;
		hosts[count++] = host->number;
		sum += roster_availability(roster, number, h);
	}
	if (count == 0)
		return;
	hotlist_init(hot, sum / (float)count, sum / (float)count);
	for (uint8_t i = 0; i < count; i++)
		(void)hotlist_add(hot, hosts[i], 0);
	r->ledger->blocks[number].known = true;
}

static void init_blocks(struct replay *r)
{
	struct ledger *l = r->ledger;
	uint32_t count = r->config.roster->block_count;

	for (uint32_t i = 0; i < count; i++)
		block_init(&l->blocks[i], 0, false, l->now.mono);
	for (size_t i = 0; i < r->host_count; i++)
		if (r->hosts[i].block < count)
			l->blocks[r->hosts[i].block].hosts++;
	for (uint32_t i = 0; i < count; i++)
		seed_hotlist(r, i);
	for (uint32_t i = 0; i <= count; i++) {
		struct replay_block *rb = &r->blocks[i];

		rb->decided = rb->heard = rb->unheard = BLOCK_NEVER_ANSWERED;
		silence_init(&rb->silence);
	}
}

static void mark_references(struct replay *r)
{
	for (size_t i = 0; i < r->config.reference_count; i++) {
		struct replay_host *host = find_host(r, &r->config.references[i]);

		if (host)
			host->is_reference = true;
	}
}

static int make_ledger(struct replay *r, struct bw_err *err)
{
	const struct ledger_config config = {
		.name = r->config.name,
		.boot = r->config.boot,
		.version = r->config.version,
		.roster = r->config.roster,
		.params = r->config.params,
		.keeps_events = true,
		.sink = r->config.sink,
		.counters = tell_counters,
		.self = r,
	};

	return ledger_new(&config, census_start(r->config.census), &r->ledger, err);
}

static int build(struct replay *r, struct bw_err *err)
{
	const struct roster *roster = r->config.roster;
	struct bw_mono start = census_start(r->config.census).mono;
	struct passive_config passive = {
		.patience_ns = r->config.params.timeout_ns,
		.listen_ns = LISTEN_NS,
		.pending_max = PENDING_MAX,
		.on_request = on_request,
		.on_outcome = on_outcome,
		.self = r,
	};
	int code;

	r->round_end = bw_mono_add(start, r->config.round_ns);
	r->void_before = BLOCK_NEVER_ANSWERED;
	r->hoped.ns = -HOPE_NS;
	r->blocks = calloc(roster->block_count + 1, sizeof(*r->blocks));
	r->suspects = calloc(roster->target_count + 1, sizeof(*r->suspects));
	if (!r->blocks || !r->suspects || passive_new(&passive, start, &r->passive) < 0 ||
	    place_hosts(r) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory for %u blocks", roster->block_count);
	code = make_ledger(r, err);
	if (code < 0)
		return code;
	init_blocks(r);
	mark_references(r);
	return 0;
}

int replay_new(const struct replay_config *config, struct replay **ret_replay, struct bw_err *err)
{
	struct replay *r = calloc(1, sizeof(*r));
	int code;

	if (!r)
		return bw_err_set(err, -ENOMEM, "out of memory");
	r->config = *config;
	code = build(r, err);
	if (code < 0) {
		replay_free(r);
		return code;
	}
	*ret_replay = r;
	return 0;
}

void replay_free(struct replay *r)
{
	if (!r)
		return;
	for (uint32_t i = 0; r->blocks && i < r->config.roster->block_count; i++)
		free(r->blocks[i].window);
	free(r->blocks);
	free(r->hosts);
	ledger_free(r->ledger);
	free(r->suspects);
	passive_free(r->passive);
	free(r);
}

static void put_round(struct replay *r)
{
	struct ledger *l = r->ledger;
	const struct roster *roster = l->config.roster;

	for (uint32_t i = 0; i < roster->block_count; i++)
		replay_block_round(r, i);
	for (uint32_t t = 0; t < roster->target_count; t++) {
		l->sums.targets[t].round++;
		records_target(l, t);
	}
	records_vantage(l);
	r->busy = false;
}

/* Rounds in which nothing came of any probe are left out. */
static void end_round(struct replay *r, struct bw_mono until)
{
	int64_t round = r->config.round_ns;

	if (r->busy)
		put_round(r);
	else if (bw_mono_before(r->round_end, until))
		r->round_end = bw_mono_add(r->round_end,
					   bw_mono_since(until, r->round_end) / round * round);
	r->round_end = bw_mono_add(r->round_end, round);
}

static void go_to(struct replay *r, struct bw_mono t)
{
	struct bw_now *now = &r->ledger->now;
	int64_t step = bw_mono_since(t, now->mono);

	if (step <= 0)
		return;
	now->mono = t;
	now->wall.ns += step;
}

/* From deadline to deadline, up to NOW. */
static void pass_time(struct replay *r, struct bw_mono now)
{
	for (;;) {
		struct bw_mono due = passive_deadline(r->passive);
		struct bw_mono next = bw_mono_min(due, r->round_end);

		if (bw_mono_before(now, next) || next.ns == BW_NEVER.ns)
			return;
		go_to(r, next);
		passive_advance(r->passive, r->ledger->now.mono);
		if (!bw_mono_before(next, r->round_end))
			end_round(r, bw_mono_min(now, due));
	}
}

void replay_receive(struct replay *r, const struct bw_rx *rx, struct bw_now now)
{
	pass_time(r, now.mono);
	r->ledger->now = now;
	passive_receive(r->passive, rx);
}

void replay_gap(struct replay *r)
{
	int64_t rest = r->config.params.timeout_ns - END_PATIENCE_NS;

	passive_advance(r->passive, bw_mono_add(r->ledger->now.mono, rest > 0 ? rest : 0));
	passive_forget(r->passive);
}

void replay_finish(struct replay *r)
{
	const struct roster *roster = r->ledger->config.roster;
	const struct tally none = {0};

	replay_gap(r);
	for (uint32_t i = 0; i < roster->block_count; i++)
		replay_block_judge(r, i, true);
	for (uint32_t i = 0; i < roster->block_count; i++)
		if (r->ledger->blocks[i].hosts == 0) {
			replay_block_reasons(r, i);
			records_block(r->ledger, i, &none);
		}
	put_round(r);
}

void replay_stats(const struct replay *r, struct passive_stats *ret_stats)
{
	passive_stats(r->passive, ret_stats);
}
