/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A capture in place of a network. Whoever recorded it chose the probes, so there is no engine
 * and no schedule: probe/passive pairs requests with answers, replay_evidence.c takes the
 * outcomes for evidence. All that follows from a decision (events, networks and targets, the
 * records) is done by the ledger, as in a live vantage.
 *
 * Time is that of the capture. Between two frames it goes from deadline to deadline, so that
 * an event is detected when patience was over and not when the next frame happened to come.
 * Rounds are a grid over this time. At the end of each round, every block that was asked has
 * its record.
 *
 * Traceroutes of any tool, also by UDP, give trace records (replay_traces.c) and are no evidence.
 *
 * Signs of life are the answers of the references that were named and of everything else that
 * the vantage asked: hosts outside of all blocks (a gateway), and the other blocks. A judgement
 * waits for the next sign of life while somebody is left who may give it, for up to one round,
 * before the vantage is called blind.
 */
#include "vantage/replay/replay.h"

#include <errno.h>
#include <stdlib.h>

#include "vantage/ledger/ranges.h"
#include "vantage/ledger/records.h"
#include "vantage/replay/asked_hosts.h"
#include "vantage/replay/replay_evidence.h"
#include "vantage/replay/replay_judge.h"
#include "vantage/replay/replay_traces.h"

#define LISTEN_NS (60 * BW_S)  /* late replies count for so long (Padmanabhan et al., IMC 2015) */
#define PENDING_MAX (1U << 22) /* requests within that time */
#define END_PATIENCE_NS BW_S   /* where the capture ends, silence so long is enough */
#define COLD_GUESS 0.05F       /* until learned: a host that has never answered */

struct replay {
	struct replay_config config;
	struct ledger *ledger;
	struct passive *passive;
	struct asked_hosts hosts;
	struct replay_judge judge;
	struct replay_traces traces;
	struct bw_mono round_end;
	bool busy; /* an outcome of a probe came in this round */
};

static bool on_request(void *self, const struct bw_addr *prober, struct probe *probe,
		       struct bw_mono sent)
{
	const struct replay *r = self;
	const struct asked_host *host;

	(void)sent;
	if (!capture_index_is_vantage(r->config.index, prober))
		return false;
	host = asked_hosts_find(&r->hosts, &probe->dst);
	if (!host)
		return false;
	probe->subject = host->block;
	probe->host = host->number;
	return true;
}

static void tell_counters(void *self, struct record_vantage *ret)
{
	const struct replay *r = self;
	struct passive_stats stats;

	passive_stats(r->passive, &stats);
	ret->sent = stats.requests;
	ret->received = stats.received;
	for (unsigned i = 0; i < REJECTS; i++)
		ret->rejected += i == REJECT_UNRELATED ? 0 : stats.rejected[i];
}

static unsigned unfit(void *self, unsigned way)
{
	const struct replay *r = self;
	const struct health *health = &r->ledger->ways.of[way].health;

	return health->seen[HEALTH_REFERENCE] || health->seen[HEALTH_BLOCK]
		       ? 0
		       : BW_WHY_NO_SIGN_OF_LIFE;
}

static void note_answer(struct replay *r, struct asked_host *host, const struct outcome *outcome)
{
	asked_host_note_method(host, &outcome->probe.method);
	asked_host_note_reach(host, outcome->probe.ttl);
	witnesses_note_answer(&r->judge.witnesses, host->block, outcome->sent);
	replay_judge_sign_of_life(&r->judge,
				  ways_number(&r->ledger->ways, ROSTER_NO_EGRESS,
					      outcome->probe.dst.family),
				  host->is_reference ? HEALTH_REFERENCE : HEALTH_BLOCK,
				  outcome->sent);
}

static void note_silence(struct replay *r, const struct asked_host *host,
			 const struct outcome *outcome)
{
	bool is_in_none = host->block == r->config.roster->block_count;

	if (is_in_none
		    ? asked_host_would_answer(host, &outcome->probe)
		    : replay_evidence_weight(&r->judge, host, &outcome->probe) == REPLAY_TESTIFIES)
		witnesses_note_silence(&r->judge.witnesses, host->block, outcome->sent);
}

static void note_outcome(struct replay *r, struct asked_host *host, const struct outcome *outcome)
{
	switch (outcome->kind) {
	case OUTCOME_REPLY:
		note_answer(r, host, outcome);
		break;
	case OUTCOME_TIMEOUT:
		note_silence(r, host, outcome);
		break;
	case OUTCOME_ERROR:
		if (outcome->reply == REPLY_TIME_EXCEEDED)
			asked_host_note_hop(host, outcome->probe.ttl);
		break;
	case OUTCOME_VOID:
		break;
	}
}

static void on_outcome(void *self, const struct outcome *outcome)
{
	struct replay *r = self;
	struct asked_host *host = asked_hosts_find(&r->hosts, &outcome->probe.dst);

	note_outcome(r, host, outcome);
	if (host->block == r->config.roster->block_count ||
	    replay_evidence_ended_on_the_way(host, outcome))
		return;
	r->busy = true;
	replay_evidence_take(&r->judge, host, outcome);
}

/* The hosts of a block that a target lists, and that were asked, testify from the beginning. */
static void seed_hosts(struct replay *r, uint32_t number)
{
	const struct roster *roster = r->config.roster;
	uint16_t hosts[HOTLIST_MAX];
	uint8_t count = 0;
	float sum = 0;

	ledger_seed_hosts(r->ledger, number, hosts, 0, LEDGER_HOT_GUESS, COLD_GUESS);
	if (!roster_network_of(roster, number)->known)
		return;
	for (uint16_t h = 0; h < roster->blocks[number].host_count && count < HOTLIST_MAX; h++) {
		struct bw_addr addr = roster_host_addr(roster, number, h);
		struct asked_host *host = asked_hosts_find(&r->hosts, &addr);

		if (!host || host->block != number)
			continue;
		for (unsigned m = roster_method_count(roster, number, h); m-- > 0;) {
			struct bw_method method = roster_method(roster, number, h, m);

			asked_host_note_method(host, &method);
		}
		hosts[count++] = host->number;
		sum += roster_availability(roster, number, h);
	}
	if (count == 0)
		return;
	ledger_seed_hosts(r->ledger, number, hosts, count, sum / (float)count, sum / (float)count);
	r->ledger->blocks[number].known = true;
}

static void init_blocks(struct replay *r)
{
	struct ledger *l = r->ledger;
	uint32_t count = r->config.roster->block_count;

	for (uint32_t i = 0; i < count; i++)
		block_init(&l->blocks[i], 0, false, l->now.mono);
	for (size_t i = 0; i < r->hosts.count; i++)
		if (r->hosts.list[i].block < count)
			l->blocks[r->hosts.list[i].block].hosts++;
	for (uint32_t i = 0; i < count; i++)
		seed_hosts(r, i);
}

static void mark_references(struct replay *r)
{
	for (size_t i = 0; i < r->config.reference_count; i++) {
		struct asked_host *host = asked_hosts_find(&r->hosts, &r->config.references[i]);

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
		.unfit = unfit,
		.self = r,
	};

	return ledger_new(&config, capture_index_start(r->config.index), &r->ledger, err);
}

static int build(struct replay *r, struct bw_err *err)
{
	const struct roster *roster = r->config.roster;
	struct bw_mono start = capture_index_start(r->config.index).mono;
	struct passive_config passive = {
		.patience_ns = r->config.params.timeout_ns,
		.listen_ns = LISTEN_NS,
		.pending_max = PENDING_MAX,
		.on_request = on_request,
		.on_outcome = on_outcome,
		.self = r,
	};
	int code = make_ledger(r, err);

	if (code < 0)
		return code;
	r->round_end = bw_mono_add(start, r->config.round_ns);
	if (replay_judge_init(&r->judge, r->ledger, r->config.round_ns) < 0 ||
	    passive_new(&passive, start, &r->passive) < 0 ||
	    replay_traces_init(&r->traces, r->ledger, r->config.index) < 0 ||
	    asked_hosts_init(&r->hosts, r->config.index, roster) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory for %u blocks", roster->block_count);
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
	replay_judge_fini(&r->judge);
	replay_traces_fini(&r->traces);
	asked_hosts_fini(&r->hosts);
	passive_free(r->passive);
	ledger_free(r->ledger);
	free(r);
}

static void put_round(struct replay *r)
{
	struct ledger *l = r->ledger;
	const struct roster *roster = l->config.roster;

	for (uint32_t i = 0; i < roster->block_count; i++)
		replay_evidence_end_round(&r->judge, i);
	for (uint32_t t = 0; t < roster->target_count; t++) {
		l->sums.targets[t].round++;
		ranges_end_target_round(l, t);
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
		struct bw_mono due = bw_mono_min(passive_deadline(r->passive),
						 passive_traces_deadline(r->traces.passive));
		struct bw_mono next = bw_mono_min(due, r->round_end);

		if (bw_mono_before(now, next) || next.ns == BW_NEVER.ns)
			return;
		go_to(r, next);
		passive_advance(r->passive, r->ledger->now.mono);
		passive_traces_advance(r->traces.passive, r->ledger->now.mono);
		if (!bw_mono_before(next, r->round_end))
			end_round(r, bw_mono_min(now, due));
	}
}

void replay_receive(struct replay *r, const struct bw_rx *rx, struct bw_now now)
{
	pass_time(r, now.mono);
	r->ledger->now = now;
	passive_receive(r->passive, rx);
	passive_traces_receive(r->traces.passive, rx);
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
	passive_traces_finish(r->traces.passive);
	for (uint32_t i = 0; i < roster->block_count; i++)
		replay_judge_dark(&r->judge, i, true);
	for (uint32_t i = 0; i < roster->block_count; i++)
		if (r->ledger->blocks[i].hosts == 0) {
			replay_evidence_reasons(&r->judge, i);
			records_block(r->ledger, i, &none);
		}
	put_round(r);
}

void replay_stats(const struct replay *r, struct passive_stats *ret_stats)
{
	passive_stats(r->passive, ret_stats);
}

uint64_t replay_untraced(const struct replay *r)
{
	return passive_traces_untracked(r->traces.passive);
}
