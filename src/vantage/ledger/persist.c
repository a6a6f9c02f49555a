/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/persist.h"

#include <math.h>

#include "infer/condition/observe.h"
#include "vantage/ledger/persist_learned.h"
#include "vantage/roster_find.h"

static struct bw_wall second_of(const struct ledger *l, uint32_t seconds)
{
	return seconds ? persist_wall_of(l, (struct bw_mono){(int64_t)(seconds - 1) * BW_S})
		       : (struct bw_wall){0};
}

/* How long T lies before the monotonic clock started; 0: it does not. */
static int64_t before_start_ns(struct bw_now now, struct bw_wall t)
{
	int64_t ns = persist_mono_of(now, t).ns;

	return t.ns == 0 || ns > 0 ? 0 : -ns;
}

/* A moment before this start of the clock counts as its first second. */
static uint32_t to_second(struct bw_now now, struct bw_wall t)
{
	if (t.ns == 0)
		return 0;
	return before_start_ns(now, t) ? 1 : block_seconds(persist_mono_of(now, t));
}

/* What was unstable long before this start of the clock is so no longer. */
static uint32_t unstable_second(struct bw_now now, struct bw_wall t)
{
	return before_start_ns(now, t) > VERDICT_UNSTABLE_NS ? 0 : to_second(now, t);
}

/* The penalty decays while the machine is off, too. */
static void restore_penalty(const struct persist_restore *restore, struct block *block,
			    const struct state_block *state)
{
	const struct infer_params *params = &restore->ledger->config.params;

	block_set_penalty(block, flap_decay((float)state->penalty,
					    before_start_ns(restore->now, state->penalty_at),
					    params->flap_half_life_ns));
	block->penalty_s = to_second(restore->now, state->penalty_at);
}

static struct state_history save_history(const struct history *history)
{
	return (struct state_history){
		.first = history->first,
		.outages = history->outages,
		.longest_ns = history->longest_ns,
		.dark_ns = history->dark_ns,
		.last_end = history->last_end,
	};
}

static struct history restore_history(const struct state_history *history)
{
	return (struct history){
		.first = history->first,
		.outages = history->outages,
		.longest_ns = history->longest_ns,
		.dark_ns = history->dark_ns,
		.last_end = history->last_end,
	};
}

/* What an outage that was over needs to go on. Nothing if it ended too long ago. */
static struct state_returns save_returns(const struct ledger *l, const struct outage *outage)
{
	const struct returns *returns = outages_returns(&l->outages, outage);
	struct state_returns state = {0};

	if (!outage_can_go_on(outage, l->now.mono))
		return state;
	state.earliest = persist_wall_of(l, outage->began.start);
	state.latest = persist_wall_of(l, outage->began.end);
	state.ended = persist_wall_of(l, outage->ended);
	state.ended_within_s = outage->ended_within_s;
	for (state.count = 0; state.count < returns->count; state.count++) {
		const struct outage_return *back = &returns->list[state.count];

		state.list[2 * state.count] = persist_wall_of(l, back->start);
		state.list[2 * state.count + 1] = persist_wall_of(l, back->end);
		state.within_s[state.count] = returns->within_s[state.count];
	}
	return state;
}

static void restore_returns(const struct persist_restore *restore,
			    const struct state_returns *state, struct outage *outage)
{
	struct returns *returns;

	outage->began = (struct outage_return){outage->earliest, outage->latest};
	if (state->ended.ns == 0)
		return;
	outage->began.start = persist_mono_of(restore->now, state->earliest);
	outage->began.end = persist_mono_of(restore->now, state->latest);
	outage->ended = persist_mono_of(restore->now, state->ended);
	outage->ended_within_s = state->ended_within_s;
	if (state->count == 0)
		return;
	returns = outages_returns_for(&restore->ledger->outages, outage);
	for (returns->count = 0; returns->count < state->count; returns->count++) {
		returns->list[returns->count] = (struct outage_return){
			persist_mono_of(restore->now, state->list[2 * returns->count]),
			persist_mono_of(restore->now, state->list[2 * returns->count + 1])};
		returns->within_s[returns->count] = state->within_s[returns->count];
	}
}

static int save_block(const struct ledger *l, uint32_t number, struct state_writer *writer)
{
	const struct block *block = &l->blocks[number];
	const struct outage_memory *memory = ledger_outage_of(l, number);
	const struct history history = outages_history(&l->outages, &l->tracks[number]);
	const struct roster *roster = l->config.roster;
	struct state_block state = {
		.target = roster->targets[ledger_target_of(l, number)].target->name,
		.block = roster_prefix(roster, number),
		.verdict = (enum bw_verdict)block->verdict,
		.told = (enum bw_verdict)l->tracks[number].told,
		.since = persist_wall_of(l, block->since),
		.last_answer = persist_wall_of(l, block->last_answer),
		.log_odds = (double)block->log_odds,
		.conditions = block_is_doubted(block) ? block->conditions
						      : block->conditions & ~(unsigned)BW_SUSPECT,
		.known = block->known,
		.never_seen = block->verdict == BW_UNKNOWN && group_excludes(block->reasons),
		.few_hosts = block->verdict == BW_UNKNOWN && block->reasons & BW_WHY_FEW_HOSTS,
		.down = block->verdict == BW_FLAPPING && block->down,
		.penalty = (double)block_penalty(block),
		.penalty_at = second_of(l, block->penalty_s),
		.unstable = second_of(l, block_unstable_s(block)),
		.hot_availability = (double)hotlist_hot_rate(&block->hot),
		.cold_availability = (double)hotlist_cold_rate(&block->hot),
		.again_availability = (double)hotlist_retry_rate(&block->hot),
		.hot_count = block->hot.count,
		.phases = {memory->phases.count, memory->phases.down_ns, memory->phases.longest_ns},
		.returns = save_returns(l, &memory->outage),
		.history = save_history(&history),
	};

	persist_learned_save(l, number, &state);
	for (unsigned i = 0; i < block->hot.count; i++) {
		state.hot[i] = roster_host_addr(roster, number, block->hot.hosts[i]);
		state.hot_methods |= hotlist_method(&block->hot, block->hot.hosts[i]) << 2 * i;
	}
	if (block_is_down(block) || state.told == BW_DARK) {
		state.outage.open = true;
		state.outage.earliest = persist_wall_of(l, memory->outage.earliest);
		state.outage.latest = persist_wall_of(l, memory->outage.latest);
	}
	return state_writer_put_block(writer, &state);
}

static int save_sum(const struct ledger *l, const struct sum *sum, struct state_group *state,
		    struct state_writer *writer)
{
	state->verdict = sum->verdict;
	state->told = sum->told;
	state->since = persist_wall_of(l, sum->since);
	state->returns = save_returns(l, &sum->outage);
	state->history = save_history(&sum->outage.history);
	persist_learned_save_sum(l, sum, state);
	if (sum->told == BW_DARK) {
		state->outage.open = true;
		state->outage.earliest = persist_wall_of(l, sum->outage.earliest);
		state->outage.latest = persist_wall_of(l, sum->outage.latest);
	}
	return state_writer_put_group(writer, state);
}

static bool has_heard_a_reference(const struct ledger *l)
{
	for (unsigned way = 0; way < WAYS_MAX; way++)
		if (l->ways.of[way].health.seen[HEALTH_REFERENCE])
			return true;
	return false;
}

int persist_save(const struct ledger *l, const struct persist_paths *paths, FILE *file,
		 uint32_t boots, struct bw_err *err)
{
	const struct roster *roster = l->config.roster;
	struct state_head head = {
		.vantage = l->config.name,
		.program = l->config.version,
		.boots = boots,
		.references = has_heard_a_reference(l),
		.saved = l->now.wall,
		.blocks = roster->block_count,
		.groups = roster->network_count + roster->target_count,
		.paths = paths ? paths->count(paths->self) : 0,
	};
	struct state_writer writer;

	(void)state_writer_begin(&writer, file, &head, err);
	for (uint32_t i = 0; i < roster->block_count; i++)
		(void)save_block(l, i, &writer);
	for (uint32_t n = 0; n < roster->network_count; n++) {
		const struct roster_network *network = &roster->networks[n];
		struct state_group group = {
			.scope = BW_SCOPE_NETWORK,
			.target = roster->targets[network->target].target->name,
			.network = network->network->prefix,
		};

		persist_learned_save_hearing(l, &l->heard[n], &group.hearing);
		(void)save_sum(l, &l->sums.networks[n], &group, &writer);
	}
	for (uint32_t t = 0; t < roster->target_count; t++) {
		struct state_group group = {
			.scope = BW_SCOPE_TARGET,
			.target = roster->targets[t].target->name,
		};

		persist_learned_save_joint(l, t, &group.joint);
		persist_learned_save_hearing(l, &l->joints[t].hearing, &group.hearing);
		(void)save_sum(l, &l->sums.targets[t], &group, &writer);
	}
	if (paths)
		paths->save(paths->self, &writer);
	return state_writer_end(&writer);
}

static int take_head(void *self, const struct state_head *head)
{
	struct persist_restore *restore = self;
	const struct roster *roster = restore->ledger->config.roster;
	struct fitness *ways = restore->ledger->ways.of;

	for (uint32_t i = 0; i < roster->sentinel_count && head->references; i++)
		if (roster->sentinels[i].source == HEALTH_REFERENCE)
			ways[roster->sentinels[i].way].health.seen[HEALTH_REFERENCE] = true;
	restore->ledger->restored = true;
	restore->saved = head->saved;
	restore->boots = head->boots;
	return 0;
}

/* Hosts are saved by address; those that are no candidates any more are left out. */
static void restore_hotlist(struct ledger *l, uint32_t number, const struct state_block *state)
{
	struct block *block = &l->blocks[number];

	hotlist_restore(&block->hot, (float)state->hot_availability,
			(float)state->cold_availability, (float)state->again_availability);
	for (uint32_t i = 0; i < state->hot_count; i++) {
		uint32_t host = roster_find_host(l->config.roster, number, &state->hot[i]);

		if (host != ROSTER_NONE)
			(void)hotlist_add(&block->hot, (uint16_t)host,
					  state->hot_methods >> 2 * i & (HOTLIST_METHODS - 1));
	}
}

static void restore_outage(const struct persist_restore *restore, struct outage_memory *memory,
			   const struct state_block *state)
{
	memory->outage.earliest = persist_mono_of(restore->now, state->outage.earliest);
	memory->outage.latest =
		persist_mono_of(restore->now,
				state->outage.open ? state->outage.latest : state->since);
	restore_returns(restore, &state->returns, &memory->outage);
	memory->outage.history = restore_history(&state->history);
	memory->phases.count = state->phases.downs;
	memory->phases.down_ns = state->phases.down_ns;
	memory->phases.longest_ns = state->phases.longest_ns;
}

static unsigned restore_reasons(const struct state_block *state)
{
	return (state->never_seen ? BW_WHY_NEVER_SEEN : 0U) |
	       (state->few_hosts ? BW_WHY_FEW_HOSTS : 0U);
}

static int take_block(void *self, const struct state_block *state)
{
	struct persist_restore *restore = self;
	struct ledger *l = restore->ledger;
	const struct roster *roster = l->config.roster;
	uint32_t target = roster_find_target(roster, state->target), number;
	struct condition_evidence evidence;
	struct sums_member member;
	struct block *block;
	struct track *track;

	if (target == ROSTER_NONE)
		return 0;
	number = roster_find_block(roster, target, &state->block);
	if (number == ROSTER_NONE)
		return 0;
	block = &l->blocks[number];
	track = &l->tracks[number];
	block->verdict = state->verdict;
	block->since = persist_mono_of(restore->now, state->since);
	block->last_answer = persist_mono_of(restore->now, state->last_answer);
	block->log_odds = (float)state->log_odds;
	/* Silent parts are not saved: they must be found again. */
	block->conditions = state->conditions & 0xfff & ~(unsigned)BW_PARTIAL;
	evidence = condition_store_get(&l->conditions, track);
	observe_restore(&track->condition, &evidence, block->conditions);
	condition_store_keep(&l->conditions, track, &evidence);
	block->known = block->known || state->known;
	block->reasons = (uint16_t)restore_reasons(state);
	block->down = state->down;
	restore_penalty(restore, block, state);
	block_set_unstable_s(block, unstable_second(restore->now, state->unstable));
	restore_hotlist(l, number, state);
	track->last_round = persist_mono_of(restore->now, restore->saved);
	track->told = state->told & 3;
	track->first_s = (uint32_t)(restore_history(&state->history).first.ns / BW_S);
	if (block_is_down(block) || state->outage.open || state->history.outages > 0 ||
	    state->phases.downs > 0)
		restore_outage(restore, ledger_outage_for(l, number), state);
	persist_learned_restore(l, number, state);
	member = sums_member(block, (enum bw_verdict)track->told);
	sums_restore(&l->sums, roster, number, &member);
	restore->blocks++;
	return 0;
}

static void restore_sum(const struct persist_restore *restore, const struct state_group *state,
			struct sum *sum)
{
	/* What a reload has added or removed changed it now. */
	sum->since = sum->verdict == state->verdict ? persist_mono_of(restore->now, state->since)
						    : restore->now.mono;
	sum->told = state->outage.open || state->told != BW_DARK ? state->told : BW_UNKNOWN;
	sum->outage.earliest = persist_mono_of(restore->now, state->outage.earliest);
	sum->outage.latest = persist_mono_of(restore->now, state->outage.latest);
	restore_returns(restore, &state->returns, &sum->outage);
	sum->outage.history = restore_history(&state->history);
	persist_learned_restore_sum(restore->ledger, sum, state);
}

static void restore_hearing(const struct persist_restore *restore,
			    const struct state_hearing *state, struct hearing *hearing)
{
	int64_t stopped_ns = restore->now.wall.ns - restore->saved.ns;

	persist_learned_restore_hearing(restore->ledger, state, stopped_ns, hearing);
}

static int take_group(void *self, const struct state_group *state)
{
	const struct persist_restore *restore = self;
	struct ledger *l = restore->ledger;
	const struct roster *roster = l->config.roster;
	uint32_t target = roster_find_target(roster, state->target), network;

	if (target == ROSTER_NONE)
		return 0;
	if (state->scope == BW_SCOPE_TARGET) {
		restore_sum(restore, state, &l->sums.targets[target]);
		persist_learned_restore_joint(l, target, &state->joint);
		restore_hearing(restore, &state->hearing, &l->joints[target].hearing);
		return 0;
	}
	network = roster_find_network(roster, target, &state->network);
	if (network == ROSTER_NONE)
		return 0;
	restore_sum(restore, state, &l->sums.networks[network]);
	if (state->hearing.heard_ns != 0) /* else its page stays untouched */
		restore_hearing(restore, &state->hearing, &l->heard[network]);
	return 0;
}

static int take_path(void *self, const struct state_path *path)
{
	const struct persist_restore *restore = self;

	if (restore->paths)
		restore->paths->take(restore->paths->self, path, restore->now);
	return 0;
}

struct state_handlers persist_handlers(struct persist_restore *restore)
{
	return (struct state_handlers){
		.head = take_head,
		.block = take_block,
		.group = take_group,
		.path = take_path,
		.self = restore,
	};
}
