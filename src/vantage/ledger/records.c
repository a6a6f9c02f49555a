/* SPDX-License-Identifier: Apache-2.0 */
/* From the state of a vantage to records; each gets its seq here, before any sink sees it. */
#include <stdlib.h>

#include "infer/evidence/belief.h"
#include "infer/group.h"
#include "vantage/state.h"

#define RECENT_NS (5 * BW_S) /* a healthy vantage has seen a sign of life since */

static uint64_t put(struct vantage *v, struct record *record)
{
	record->head = (struct record_head){
		.vantage = v->config.name,
		.boot = v->config.boot,
		.seq = ++v->seq,
		.time = v->now.wall,
	};
	v->config.sink.put(v->config.sink.self, record);
	return v->seq;
}

static int compare_ns(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void fill_rtts(struct record_block *block, const struct tally *tally)
{
	uint32_t count = tally->replies < TALLY_RTTS ? tally->replies : TALLY_RTTS;
	int64_t sorted[TALLY_RTTS];

	block->rtt_min_ns = block->rtt_median_ns = block->rtt_max_ns = -1;
	if (count == 0)
		return;
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = tally->rtt_ns[i];
	qsort(sorted, count, sizeof(sorted[0]), compare_ns);
	block->rtt_min_ns = sorted[0];
	block->rtt_max_ns = sorted[count - 1];
	block->rtt_median_ns = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

/* What is known beforehand of how often its hosts answer: their mean. */
static double mean_availability(const struct roster *roster, uint32_t block)
{
	const struct roster_block *b = &roster->blocks[block];
	double sum = 0;

	if (!roster_network_of(roster, block)->known || b->host_count == 0)
		return -1;
	for (uint16_t i = 0; i < b->host_count; i++)
		sum += (double)roster_availability(roster, block, i);
	return sum / b->host_count;
}

/* In rounds: how often its hosts were found to answer. */
static double learned_availability(const struct vantage *v, uint32_t number)
{
	const struct block *block = &v->blocks[number];

	if (block->hot.count == 0)
		return -1;
	return (double)hotlist_hot_rate(&block->hot);
}

void records_block(struct vantage *v, uint32_t number, const struct tally *tally)
{
	const struct roster *roster = v->config.roster;
	const struct roster_network *network = &roster->networks[vantage_network_of(v, number)];
	const struct block *block = &v->blocks[number];
	struct record record = {.type = RECORD_BLOCK};

	record.block = (struct record_block){
		.target = roster->targets[network->target].target->name,
		.network = network->network->prefix,
		.network_name = network->network->name,
		.block = roster_prefix(roster, number),
		.verdict = v->blind_reasons ? BW_UNKNOWN : (enum bw_verdict)block->verdict,
		.belief = belief_probability(block->log_odds),
		.conditions = block->conditions,
		.reasons = v->blind_reasons               ? v->blind_reasons
			   : block->verdict == BW_UNKNOWN ? block->reasons
							  : 0,
		.since = bw_wall_of(v->now, v->blind_reasons ? v->blind_since : block->since),
		.round = v->targets[network->target].round + 1,
		.sent = tally->sent,
		.replies = tally->replies,
		.parts = conditions_parts(v, number),
		.availability = vantage_has_rounds(v) ? learned_availability(v, number)
						      : mean_availability(roster, number),
	};
	if (block->last_answer.ns != BLOCK_NEVER_ANSWERED.ns)
		record.block.last_answer = bw_wall_of(v->now, block->last_answer);
	fill_rtts(&record.block, tally);
	(void)put(v, &record);
}

uint64_t records_event(struct vantage *v, struct record_event *event)
{
	struct record record = {.type = RECORD_EVENT, .event = *event};

	return put(v, &record);
}

static struct record_counts counts_of(const struct group *group)
{
	struct record_counts counts = {.total = group_total(group)};

	for (unsigned i = 0; i < BW_VERDICTS; i++)
		counts.of[i] = group->by_verdict[i];
	return counts;
}

/* Since when the sum holds: up as soon as one is, dark when the last one was. */
static struct bw_mono since_of(enum bw_verdict verdict, struct bw_mono since, const struct block *b)
{
	if (b->verdict != verdict)
		return since;
	if (since.ns == BW_NEVER.ns)
		return b->since;
	return bw_mono_before(b->since, since) == (verdict == BW_UP) ? b->since : since;
}

void records_target(struct vantage *v, uint32_t number)
{
	const struct roster_target *target = &v->config.roster->targets[number];
	const struct roster *roster = v->config.roster;
	const struct roster_network *network = &roster->networks[target->first_network];
	struct group networks = {0}, blocks = {0};
	struct record record = {.type = RECORD_TARGET};
	struct bw_mono since = BW_NEVER;

	for (uint32_t n = 0; n < target->network_count; n++, network++) {
		struct group within = {0};

		for (uint32_t i = 0; i < network->block_count; i++) {
			const struct block *b = &v->blocks[network->first_block + i];

			group_add(&within, (enum bw_verdict)b->verdict, b->reasons);
			group_add(&blocks, (enum bw_verdict)b->verdict, b->reasons);
		}
		group_add(&networks, group_verdict(&within), group_reasons(&within));
	}
	record.target = (struct record_target){
		.target = target->target->name,
		.title = target->target->title,
		.verdict = v->blind_reasons ? BW_UNKNOWN : group_verdict(&networks),
		.networks = counts_of(&networks),
		.blocks = counts_of(&blocks),
		.round = v->targets[number].round + !vantage_has_rounds(v),
		.reasons = group_reasons(&networks),
	};
	network = &roster->networks[target->first_network];
	for (uint32_t n = 0; n < target->network_count; n++, network++)
		for (uint32_t i = 0; i < network->block_count; i++)
			since = since_of(record.target.verdict, since,
					 &v->blocks[network->first_block + i]);
	record.target.since = bw_wall_of(v->now, since.ns == BW_NEVER.ns ? v->now.mono : since);
	(void)put(v, &record);
}

struct record_vantage records_counters(const struct vantage *v)
{
	struct record_vantage counters = v->counted;
	struct bw_transport_stats transport;
	struct engine_stats engine;

	v->config.transport->ops->stats(v->config.transport->self, &transport);
	engine_stats(v->engine, &engine);
	counters.sent += engine.sent;
	counters.received += transport.received;
	counters.capture_dropped += transport.capture_dropped;
	counters.send_errors += transport.send_errors;
	for (unsigned i = 0; i < REJECTS; i++)
		counters.rejected += i == REJECT_UNRELATED ? 0 : engine.rejected[i];
	return counters;
}

/* Why it is not healthy: in rounds what is watched, in a check the last few seconds. */
static unsigned ill_reasons(const struct vantage *v)
{
	struct bw_mono recent = {v->now.mono.ns - RECENT_NS};

	if (vantage_has_rounds(v))
		return v->blind_reasons;
	return health_reasons(&v->health,
			      bw_mono_before(recent, v->awake.mono) ? v->awake.mono : recent);
}

void records_vantage(struct vantage *v)
{
	struct record record = {.type = RECORD_VANTAGE, .vantage = records_counters(v)};

	record.vantage.reasons = ill_reasons(v);
	record.vantage.healthy = record.vantage.reasons == 0;
	record.vantage.version = v->config.version;
	(void)put(v, &record);
}

void records_probe(struct vantage *v, const struct outcome *outcome)
{
	struct record record = {.type = RECORD_PROBE};

	if (outcome->kind == OUTCOME_VOID) /* it was never sent */
		return;
	record.probe = (struct record_probe){
		.block = roster_prefix(v->config.roster, outcome->probe.subject),
		.host = outcome->probe.dst,
		.method = outcome->probe.method,
		.sent = bw_wall_of(v->now, outcome->sent),
		.outcome = outcome_name(outcome->kind),
		.rtt_ns = outcome->kind == OUTCOME_TIMEOUT ? -1 : outcome->rtt_ns,
		.from = outcome->from,
		.kind = reply_kind_name(outcome->reply),
		.ttl = outcome->ttl,
	};
	(void)put(v, &record);
}
