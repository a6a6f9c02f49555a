/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In each round a block gets one probe. It gets more, one after the other, while its belief
 * is uncertain: the first answer of a block that is up ends the round; without an answer
 * probing goes on until the block is down, with 15 probes at most. A block that is down gets
 * recovery probes in the first four rounds, in the 8th and then in every 16th, as many as
 * miss a block that is up again in a fifth of the cases. Addresses are probed in a permuted
 * order. Blocks are spread over the round. Beliefs are clamped.
 *
 * Choices where the paper says nothing: a probe is sent when the one before it was answered
 * or timed out. The belief at the end of a round is kept for the next round. An outage begins
 * between the last answer and the decision. It ends at most one round before the answer that
 * shows it.
 */
#include "sim/reference/trinocular.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/permutation.h"
#include "base/rng.h"
#include "base/wheel.h"
#include "probe/engine.h"

#define ROUND_NS (660 * BW_S)
#define PATIENCE_NS (3 * BW_S)
#define PROBES_MAX 15
#define LOSS .01
#define BLOCK_ADDRESSES 256
#define AVAILABILITY_MIN .1 /* blocks below are not tracked */
#define CLAMP .01
#define HOSTS_MAX 4096
#define TICK_NS BW_MS
#define RATE_PPS 1e6 /* Trinocular does not pace */

struct watched {
	struct trinocular_belief belief;
	uint32_t number;       /* number of the block in the world */
	uint32_t first, count; /* in `addresses` */
	uint32_t next;         /* the next place in the permuted order */
	struct permutation order;
	double availability;
	struct bw_mono answered;               /* when the last answered probe was sent */
	struct bw_mono outage_from, outage_to; /* bounds of the start of the open outage */
	struct bw_mono round_at;               /* when the current round began */
	uint8_t probes, recovery; /* sent in this round; how many may be for recovery */
	uint8_t rounds;           /* since the block went down */
	bool down, busy, last;    /* last: the last probe was answered */
};

struct trinocular {
	struct simulation *simulation;
	const struct run_options *options;
	struct watched *blocks;
	uint32_t count;
	struct bw_addr *addresses;
	uint32_t address_count, address_room;
	struct wheel *wheel;
	struct engine *engine;
	struct bw_now now;
	struct bw_transport below;
	struct run_result result;
};

struct trinocular_belief trinocular_learn(struct trinocular_belief belief, double availability,
					  bool answered)
{
	double stray = (1 - LOSS) / BLOCK_ADDRESSES;
	double up = answered ? availability : 1 - availability;
	double down = answered ? stray : 1 - stray;
	double part = up * belief.up;

	belief.up = part / (part + down * (1 - belief.up));
	if (belief.up < CLAMP)
		belief.up = CLAMP;
	if (belief.up > 1 - CLAMP)
		belief.up = 1 - CLAMP;
	return belief;
}

unsigned trinocular_recovery_probes(double availability)
{
	double probes = availability >= .99 ? 1 : ceil(log(.2) / log(1 - availability));

	return probes < 1 ? 1 : (unsigned)probes;
}

bool trinocular_tries_recovery(unsigned rounds)
{
	return rounds <= 4 || rounds == 8 || (rounds > 8 && rounds % 16 == 0);
}

static struct bw_wall wall_of(const struct trinocular *t, struct bw_mono at)
{
	return bw_wall_of(t->now, at);
}

static void put_event(struct trinocular *t, const struct watched *block, bool down)
{
	struct bw_prefix prefix = sim_world_prefix(t->simulation->world, block->number);
	struct bw_mono latest = down ? block->outage_to : block->answered;
	struct bw_mono earliest = down ? block->outage_from : bw_mono_add(latest, -ROUND_NS);
	struct record record = {.type = RECORD_EVENT};
	char subject[BW_PREFIX_TEXT];

	record.head = (struct record_head){t->simulation->scenario->vantage.name, "trinocular",
					   ++t->result.records, t->now.wall};
	record.event = (struct record_event){
		.target = "",
		.scope = BW_SCOPE_BLOCK,
		.subject = bw_prefix_format(&prefix, subject),
		.from = down ? BW_UP : BW_DARK,
		.to = down ? BW_DARK : BW_UP,
		.detected = t->now.wall,
		.earliest = wall_of(t, earliest),
		.latest = wall_of(t, latest),
		.confidence = down ? 1 - block->belief.up : block->belief.up,
		.has_outage = !down,
	};
	if (!down) {
		record.event.outage_start = wall_of(t, block->outage_to);
		record.event.outage_end = wall_of(t, latest);
		record.event.outage_uncertainty_ns = ROUND_NS;
	}
	t->options->watcher.put(t->options->watcher.self, &record, t->now);
}

static void judge(struct trinocular *t, struct watched *block)
{
	if (!block->down && trinocular_is_down(block->belief)) {
		block->down = true;
		block->rounds = 0;
		block->outage_from = block->answered;
		block->outage_to = t->now.mono;
		put_event(t, block, true);
	} else if (block->down && trinocular_is_up(block->belief)) {
		block->down = false;
		put_event(t, block, false);
	}
}

/* Whether the block gets another probe in this round. */
static bool wants_more(const struct watched *block)
{
	bool settled =
		block->last ? trinocular_is_up(block->belief) : trinocular_is_down(block->belief);

	if (!settled)
		return block->probes < PROBES_MAX;
	return !block->last && block->probes < 1U + block->recovery;
}

static void send_probe(struct trinocular *t, uint32_t number)
{
	struct watched *block = &t->blocks[number];
	uint32_t place = (uint32_t)permutation_at(&block->order, block->next);
	struct probe probe = {
		.subject = number,
		.dst = t->addresses[block->first + place],
		.method = {BW_PROTOCOL_ICMP, 0},
		.tag = block->probes,
		.patience_us = PATIENCE_NS / BW_US,
	};

	probe.egress = probe.dst.family == 6;
	block->next = block->next + 1 == block->count ? 0 : block->next + 1;
	block->probes++;
	block->busy = engine_submit(t->engine, &probe) == 0;
}

static void begin_round(struct trinocular *t, uint32_t number)
{
	struct watched *block = &t->blocks[number];

	block->round_at = t->now.mono;
	wheel_arm(t->wheel, number, bw_mono_add(t->now.mono, ROUND_NS));
	if (block->busy)
		return;
	block->probes = 0;
	block->recovery = 0;
	if (block->down) {
		block->rounds = block->rounds == UINT8_MAX ? 16 : (uint8_t)(block->rounds + 1);
		if (trinocular_tries_recovery(block->rounds))
			block->recovery = (uint8_t)trinocular_recovery_probes(block->availability);
	}
	send_probe(t, number);
}

static void on_outcome(void *self, const struct outcome *outcome)
{
	struct trinocular *t = self;
	struct watched *block = &t->blocks[outcome->probe.subject];

	if (!block->busy || outcome->late || outcome->probe.tag + 1 != block->probes)
		return;
	block->busy = false;
	block->last = outcome->kind == OUTCOME_REPLY;
	if (block->last)
		block->answered = outcome->sent;
	block->belief = trinocular_learn(block->belief, block->availability, block->last);
	judge(t, block);
	if (wants_more(block))
		send_probe(t, outcome->probe.subject);
}

static void on_sent(void *self, const struct probe *probe, struct bw_mono sent)
{
	struct trinocular *t = self;

	t->result.probes++;
	if (t->options->watcher.probe)
		t->options->watcher.probe(t->options->watcher.self, &probe->dst, sent);
}

static int reserve_addresses(struct trinocular *t, uint32_t count)
{
	uint32_t room = 2 * t->address_room + count;
	struct bw_addr *list;

	if (t->address_count + count <= t->address_room)
		return 0;
	list = reallocarray(t->addresses, room, sizeof(*list));
	if (!list)
		return -ENOMEM;
	t->addresses = list;
	t->address_room = room;
	return 0;
}

/* The addresses that ever answer are those of all hosts of the block. */
static int add_block(struct trinocular *t, uint32_t number, struct sim_host *hosts)
{
	struct watched *block = &t->blocks[t->count];
	uint32_t count = sim_world_hosts(t->simulation->world, number, (struct bw_mono){0}, hosts,
					 HOSTS_MAX);
	double sum = 0;

	if (count > HOSTS_MAX)
		count = HOSTS_MAX;
	for (uint32_t i = 0; i < count; i++)
		sum += sim_world_availability(t->simulation->world, hosts[i].kind);
	if (count == 0 || sum / count < AVAILABILITY_MIN * .99)
		return 0;
	if (reserve_addresses(t, count) < 0)
		return -ENOMEM;
	*block = (struct watched){
		.belief = TRINOCULAR_START,
		.number = number,
		.first = t->address_count,
		.count = count,
		.order = permutation_of(count, rng_mix(t->simulation->seed ^ number)),
		.availability = sum / count < .99 ? sum / count : .99,
	};
	for (uint32_t i = 0; i < count; i++)
		t->addresses[t->address_count++] = hosts[i].addr;
	t->count++;
	return 0;
}

static int add_blocks(struct trinocular *t)
{
	uint32_t networks = 0, blocks = sim_world_block_count(t->simulation->world);
	struct sim_host *hosts = calloc(HOSTS_MAX, sizeof(*hosts));
	int rc = hosts ? 0 : -ENOMEM;

	for (size_t i = 0; i < t->simulation->scenario->target_count; i++)
		networks += (uint32_t)t->simulation->origins[i].count *
			    t->simulation->origins[i].networks;
	t->blocks = calloc(blocks + 1, sizeof(*t->blocks));
	if (!t->blocks)
		rc = -ENOMEM;
	for (uint32_t b = 0; b < blocks && rc == 0; b++)
		if (sim_world_network(t->simulation->world, b) < networks)
			rc = add_block(t, b, hosts);
	free(hosts);
	return rc;
}

/* The first rounds of the blocks are spread over the length of a round. */
static int start(struct trinocular *t)
{
	struct rng rng = rng_of(t->simulation->seed);

	t->wheel = wheel_new(t->count + 1, TICK_NS, (struct bw_mono){0});
	if (!t->wheel)
		return -ENOMEM;
	for (uint32_t i = 0; i < t->count; i++)
		wheel_arm(t->wheel, i, (struct bw_mono){(int64_t)rng_below(&rng, ROUND_NS)});
	return 0;
}

static int make_engine(struct trinocular *t, struct bw_err *err)
{
	static const struct bw_method icmp = {BW_PROTOCOL_ICMP, 0};
	struct engine_config config = {
		.transport = &t->below,
		.egress = t->simulation->egress,
		.egress_count = 2,
		.methods = &icmp,
		.method_count = 1,
		.rate_pps = RATE_PPS,
		.listen_ns = PATIENCE_NS,
		.queue_max = 65536,
		.pending_max = t->count < 4096 ? 4096 : t->count,
		.seed = t->simulation->seed | 1,
		.on_sent = on_sent,
		.on_outcome = on_outcome,
		.self = t,
	};

	return engine_new(&config, t->now.mono, &t->engine, err);
}

static void drive(struct trinocular *t, struct bw_mono end)
{
	struct sim_world *world = t->simulation->world;
	struct bw_mono mono = {0};
	struct bw_rx rx;
	uint32_t number;

	for (;;) {
		struct bw_mono next = bw_mono_min(wheel_next(t->wheel), sim_world_next(world));

		next = bw_mono_min(next, engine_deadline(t->engine, mono));
		mono = bw_mono_before(mono, next) ? next : bw_mono_add(mono, 1000);
		mono = sim_world_awake(world, 0, mono);
		if (!bw_mono_before(mono, end))
			break;
		sim_world_set_now(world, mono);
		t->now = run_now(t->simulation, mono);
		while (sim_world_take(world, NULL, &rx)) {
			t->result.frames++;
			engine_receive(t->engine, &rx);
		}
		while (wheel_expire(t->wheel, mono, &number))
			begin_round(t, number);
		engine_tick(t->engine, mono);
	}
	t->result.end = end;
}

int trinocular_run(struct simulation *simulation, const struct run_options *options,
		   struct run_result *ret_result, struct bw_err *err)
{
	struct trinocular t = {.simulation = simulation,
			       .options = options,
			       .below = sim_world_transport(simulation->world, 0),
			       .now = run_now(simulation, (struct bw_mono){0})};
	int rc = add_blocks(&t);

	if (rc == 0)
		rc = start(&t);
	if (rc < 0)
		bw_err_set(err, rc, "out of memory");
	else
		rc = make_engine(&t, err);
	if (rc == 0)
		drive(&t, run_end(simulation, options->until_ns));
	engine_free(t.engine);
	wheel_free(t.wheel);
	free(t.addresses);
	free(t.blocks);
	*ret_result = t.result;
	return rc;
}
