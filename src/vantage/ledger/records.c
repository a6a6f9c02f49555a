/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/records.h"

#include "infer/evidence/belief.h"
#include "infer/group.h"
#include "vantage/roster_weigh.h"

#define NO_BELIEF 0.5

static uint64_t put(struct ledger *l, struct record *record)
{
	record->head = (struct record_head){
		.vantage = l->config.name,
		.boot = l->config.boot,
		.seq = ++l->seq,
		.time = l->now.wall,
	};
	l->config.sink.put(l->config.sink.self, record);
	return l->seq;
}

/* How often its hosts answer as the target states it: their mean. */
static double stated_availability(const struct roster *roster, uint32_t block)
{
	const struct roster_block *b = &roster->blocks[block];
	double sum = 0;

	if (!roster_is_known(roster, block) || b->host_count == 0)
		return -1;
	for (uint16_t i = 0; i < b->host_count; i++)
		sum += (double)roster_availability(roster, block, i);
	return sum / b->host_count;
}

/* How often its hosts were found to answer. */
static double learned_availability(const struct block *block)
{
	return block->hot.count == 0 ? -1 : (double)hotlist_hot_rate(&block->hot);
}

/* Since when nothing can be told of what is on a way: it is blind, or has not been heard by yet. */
static struct bw_mono untold_since(const struct fitness *fitness)
{
	return fitness->reasons ? fitness->since : fitness->awake;
}

/* Before anything was decided, what it lacks is evidence. */
static unsigned reasons_of(const struct ledger *l, uint32_t number)
{
	const struct block *block = &l->blocks[number];
	unsigned blind = ledger_cannot_tell(l, number);

	if (blind)
		return blind;
	if (block->verdict != BW_UNKNOWN)
		return 0;
	return block->reasons ? block->reasons : BW_WHY_FEW_EVIDENCE;
}

/* How many listed hosts were asked: each is asked once before any is asked again. */
static uint32_t count_listed(const struct roster *roster, uint32_t block, const struct tally *tally)
{
	uint32_t hosts = roster->blocks[block].host_count;

	if (roster_is_open(roster, block))
		return 0;
	return tally->sent < hosts ? (uint32_t)tally->sent : hosts;
}

/* Of what nobody asks, nothing is known either way. */
static double belief_of(const struct ledger *l, uint32_t number)
{
	const struct block *block = &l->blocks[number];

	if (roster_is_never_asked(l->config.roster, number) && block->verdict == BW_UNKNOWN)
		return NO_BELIEF;
	return belief_probability(block->log_odds);
}

void records_block(struct ledger *l, uint32_t number, const struct tally *tally)
{
	const struct roster *roster = l->config.roster;
	const struct roster_network *network = roster_network_of(roster, number);
	const struct block *block = &l->blocks[number];
	const struct tally_rtts rtts = tally_rtts(tally);
	unsigned way = ledger_way_of(l, number), blind = ledger_cannot_tell(l, number);
	struct record record = {.type = RECORD_BLOCK};

	record.block = (struct record_block){
		.target = roster->targets[network->target].target->name,
		.network = network->network->prefix,
		.network_name = network->network->name,
		.block = roster_prefix(roster, number),
		.verdict = blind ? BW_UNKNOWN : (enum bw_verdict)block->verdict,
		.belief = belief_of(l, number),
		.conditions = block->conditions,
		.reasons = reasons_of(l, number),
		.since = bw_wall_of(l->now, blind ? untold_since(&l->ways.of[way]) : block->since),
		.round = l->sums.targets[network->target].round + 1,
		.sent = tally->sent,
		.replies = tally->replies,
		.rtt_min_ns = rtts.min_ns,
		.rtt_median_ns = rtts.median_ns,
		.rtt_max_ns = rtts.max_ns,
		.listed = count_listed(roster, number, tally),
		.parts = l->tracks ? condition_store_parts(&l->conditions, &l->tracks[number]) : 0,
		.availability = l->config.keeps_events ? learned_availability(block)
						       : stated_availability(roster, number),
	};
	if (ledger_silent_since(l, number).ns != BLOCK_NEVER_ANSWERED.ns)
		record.block.silent_since = bw_wall_of(l->now, ledger_silent_since(l, number));
	if (block->last_answer.ns != BLOCK_NEVER_ANSWERED.ns)
		record.block.last_answer = bw_wall_of(l->now, block->last_answer);
	if (!l->told_blocks ||
	    told_block_is_news(&l->told_blocks[number], &record.block, l->now.mono))
		(void)put(l, &record);
}

void records_block_anyway(struct ledger *l, uint32_t number)
{
	const struct tally none = {0};

	if (l->told_blocks)
		l->told_blocks[number] = (struct told_block){0};
	records_block(l, number, &none);
}

uint64_t records_event(struct ledger *l, const struct record_event *event)
{
	struct record record = {.type = RECORD_EVENT, .event = *event};

	return put(l, &record);
}

void records_trace(struct ledger *l, const struct record_trace *trace)
{
	struct record record = {.type = RECORD_TRACE, .trace = *trace};

	(void)put(l, &record);
}

void records_condition(struct ledger *l, const struct record_condition *condition)
{
	struct record record = {.type = RECORD_CONDITION, .condition = *condition};

	(void)put(l, &record);
}

static struct record_counts count_networks(const struct group *target)
{
	struct record_counts counts = {.total = group_total(target)};

	for (unsigned i = 0; i < BW_VERDICTS; i++)
		counts.of[i] = target->by_verdict[i];
	return counts;
}

static struct record_counts count_blocks(const struct group *target)
{
	struct record_counts counts = {0};

	for (unsigned i = 0; i < BW_BLOCK_VERDICTS; i++) {
		counts.of[i] = target->blocks.by_verdict[i];
		counts.total += counts.of[i];
	}
	return counts;
}

/* Why a block is unknown, as group_add() takes it. BLIND: the reasons of its way out. */
static unsigned reasons_in_sum(const struct ledger *l, uint32_t block, unsigned blind)
{
	const enum bw_verdict told =
		l->tracks ? (enum bw_verdict)l->tracks[block].told : BW_UNKNOWN;

	if (blind)
		return blind | (told == BW_DARK ? GROUP_WAS_DARK : 0);
	return sums_member(&l->blocks[block], told).reasons;
}

/*
 * Counts the networks of a target and its blocks as their records say it: unknown on a blind way.
 */
static struct group group_of(const struct ledger *l, uint32_t target)
{
	const struct roster *roster = l->config.roster;
	const struct roster_network *network =
		&roster->networks[roster->targets[target].first_network];
	const struct roster_network *end = network + roster->targets[target].network_count;
	struct group group = {0};

	for (; network < end; network++) {
		struct group within = {0};

		for (uint32_t i = 0; i < network->block_count; i++) {
			uint32_t b = network->first_block + i;
			unsigned blind = ledger_cannot_tell(l, b);

			group_add(&within,
				  blind ? BW_UNKNOWN : (enum bw_verdict)l->blocks[b].verdict,
				  reasons_in_sum(l, b, blind));
		}
		group_add_group(&group, &within);
	}
	return group;
}

/*
 * Since when a target has its verdict: as its events say, else by its blocks: up as soon as one is,
 * dark when the last was, and so on. Blocks on a blind way are unknown since it is blind.
 */
static struct bw_mono since_of(const struct ledger *l, uint32_t target, enum bw_verdict verdict)
{
	struct roster_range range = roster_target_blocks(l->config.roster, target);
	const struct sum *sum = &l->sums.targets[target];
	enum bw_verdict of = verdict == BW_PARTLY_DARK ? BW_DARK : verdict;
	bool first = verdict == BW_UP || verdict == BW_PARTLY_DARK;
	struct bw_mono since = BW_NEVER;

	if (l->config.keeps_events && verdict != BW_UNKNOWN && sum->verdict == verdict)
		return sum->since;
	for (uint32_t i = range.first; i < range.end; i++) {
		const struct fitness *fitness = &l->ways.of[ledger_way_of(l, i)];
		bool blind = ledger_cannot_tell(l, i) != 0;
		enum bw_verdict its = blind ? BW_UNKNOWN : (enum bw_verdict)l->blocks[i].verdict;
		struct bw_mono from = blind ? untold_since(fitness) : l->blocks[i].since;

		if (its == of && (since.ns == BW_NEVER.ns || bw_mono_before(from, since) == first))
			since = from;
	}
	return since.ns == BW_NEVER.ns ? l->now.mono : since;
}

void records_target(struct ledger *l, uint32_t number)
{
	const struct bw_target *target = l->config.roster->targets[number].target;
	const struct group group = group_of(l, number);
	struct record record = {.type = RECORD_TARGET};

	record.target = (struct record_target){
		.target = target->name,
		.title = target->title,
		.verdict = group_verdict(&group),
		.networks = count_networks(&group),
		.blocks = count_blocks(&group),
		.round = l->sums.targets[number].round,
		.reasons = group_reasons(&group),
	};
	record.target.since = bw_wall_of(l->now, since_of(l, number, record.target.verdict));
	(void)put(l, &record);
}

_Static_assert(WAYS_MAX <= RECORD_WAYS_MAX, "a record has room for all ways");

static void add_way(const struct ledger *l, unsigned way, struct record_vantage *vantage)
{
	unsigned reasons = l->ways.of[way].reasons;

	if (!reasons && l->config.unfit)
		reasons = l->config.unfit(l->config.self, way);
	vantage->ways[vantage->way_count++] = (struct record_way){
		.interface = ways_interface(&l->ways, way),
		.family = ways_family(&l->ways, way),
		.healthy = reasons == 0,
		.reasons = reasons,
	};
	vantage->healthy = vantage->healthy || reasons == 0;
	vantage->reasons |= reasons;
}

/* One way that is fit makes the vantage healthy: it can judge the blocks there. */
void records_vantage(struct ledger *l)
{
	struct record record = {.type = RECORD_VANTAGE};

	l->config.counters(l->config.self, &record.vantage);
	for (unsigned way = 0; way < WAYS_MAX; way++)
		if (l->ways.blocks[way] > 0)
			add_way(l, way, &record.vantage);
	if (record.vantage.healthy || record.vantage.way_count == 0) {
		record.vantage.healthy = true;
		record.vantage.reasons = 0;
	}
	record.vantage.version = l->config.version;
	(void)put(l, &record);
}

/* How many hops away a router is: packets start with a TTL of 64, 128 or 255. */
static uint8_t distance_of(uint8_t ttl)
{
	return (uint8_t)((ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255) - ttl + 1);
}

/* Whether a probe has met an error of a router in the vantage's own network. */
static bool is_near(const struct ledger *l, const struct outcome *outcome,
		    const struct bw_prefix *block)
{
	return outcome->kind == OUTCOME_ERROR && !bw_prefix_contains(block, &outcome->from) &&
	       distance_of(outcome->ttl) <= l->config.privacy_ttl;
}

void records_probe(struct ledger *l, const struct outcome *outcome)
{
	struct record record = {.type = RECORD_PROBE};

	if (outcome->kind == OUTCOME_VOID)
		return;
	record.probe = (struct record_probe){
		.block = roster_prefix(l->config.roster, outcome->probe.subject),
		.host = outcome->probe.dst,
		.method = outcome->probe.method,
		.sent = bw_wall_of(l->now, outcome->sent),
		.outcome = outcome_name(outcome->kind),
		.rtt_ns = outcome->kind == OUTCOME_TIMEOUT ? -1 : outcome->rtt_ns,
		.from = outcome->from,
		.kind = reply_kind_name(outcome->reply),
		.ttl = outcome->ttl,
	};
	record.probe.hidden = is_near(l, outcome, &record.probe.block);
	if (record.probe.hidden)
		record.probe.from = (struct bw_addr){0};
	(void)put(l, &record);
}
