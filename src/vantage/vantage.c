/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vantage puts three things together: the engine sends probes and tells what became of them,
 * the watch (watch/watch.h) decides who is asked when, and the ledger (ledger/ledger.h) holds
 * what is known and puts out records.
 *
 * Without plans it is a check: every block has one round, and when all have their record it
 * is done. With plans the blocks have rounds for ever.
 *
 * There is no I/O and no clock: time comes in with each call. If a call comes much later than
 * the deadline that was given out, the machine slept.
 */
#include "vantage/vantage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vantage/ledger/records.h"
#include "vantage/path/paths.h"
#include "vantage/watch/watch.h"

#define LISTEN_NS (60 * BW_S) /* late replies count for so long (Padmanabhan et al., IMC 2015) */
#define QUEUE_MAX 65536U
#define PENDING_MIN 4096U
#define PENDING_MAX (1U << 22)
#define SAMPLE_S 2 /* first probes may take so long altogether */
#define SLEPT_NS (2 * BW_S)
#define METHODS_ALL (32 * BW_METHODS_MAX)

struct vantage {
	struct vantage_config config;
	struct engine *engine;
	struct ledger *ledger;
	struct watch watch;
	struct paths *paths; /* NULL: none are traced */
	struct bw_mono expected;       /* the deadline that was last given out */
	struct record_vantage counted; /* by the vantages before a reload */
};

static void on_sent(void *self, const struct probe *probe, struct bw_mono sent)
{
	struct vantage *v = self;

	watch_sent(&v->watch, probe, sent);
}

static void on_outcome(void *self, const struct outcome *outcome)
{
	struct vantage *v = self;

	if (v->paths && outcome->kind == OUTCOME_ERROR && outcome->probe.client == PROBE_OF_ROUND)
		paths_hear(v->paths, outcome);
	watch_outcome(&v->watch, outcome);
}

static size_t add_method(struct bw_method *all, size_t count, struct bw_method method)
{
	for (size_t i = 0; i < count; i++)
		if (bw_method_equal(all[i], method))
			return count;
	if (count < METHODS_ALL)
		all[count++] = method;
	return count;
}

/* Returns how many different methods the roster has. */
static size_t list_methods(const struct roster *roster, struct bw_method all[METHODS_ALL])
{
	size_t count = 0;

	for (uint32_t s = 0; s < roster->method_set_count; s++)
		for (unsigned m = 0; m < roster->method_sets[s].count; m++)
			count = add_method(all, count, roster->method_sets[s].list[m]);
	for (uint32_t s = 0; s < roster->sentinel_count; s++)
		count = add_method(all, count, roster->sentinels[s].method);
	return count;
}

static int make_engine(struct vantage *v, struct bw_err *err)
{
	const struct vantage_config *config = &v->config;
	double pending = config->rate_pps * (double)(LISTEN_NS / BW_S) * 1.1;
	struct bw_method methods[METHODS_ALL];
	struct engine_config engine = {
		.transport = config->transport,
		.egress = config->egress,
		.egress_count = config->egress_count,
		.methods = methods,
		.method_count = list_methods(config->roster, methods),
		.contact = config->contact,
		.rate_pps = config->rate_pps,
		.listen_ns = LISTEN_NS,
		.queue_max = QUEUE_MAX,
		.seed = config->repeatable ? config->seed | 1 : 0,
		.on_sent = on_sent,
		.on_outcome = on_outcome,
		.self = v,
	};

	engine.pending_max = pending < PENDING_MIN   ? PENDING_MIN
			     : pending > PENDING_MAX ? PENDING_MAX
						     : (uint32_t)pending;
	return engine_new(&engine, v->ledger->now.mono, &v->engine, err);
}

/* How many first probes a block gets in a check: more where the rate allows it. */
static uint8_t sample_for(const struct vantage_config *config)
{
	double blocks = config->roster->block_count ? config->roster->block_count : 1;
	double affordable = SAMPLE_S * config->rate_pps / blocks;

	if (config->plans || affordable >= config->params.sample)
		return config->params.sample;
	return affordable < 1 ? 1 : (uint8_t)affordable;
}

static struct record_vantage counters_of(const struct vantage *v)
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

static void tell_counters(void *self, struct record_vantage *ret)
{
	const struct vantage *v = self;

	*ret = counters_of(v);
	/* Its record comes with the rounds of the first target. */
	if (v->config.plans)
		ret->round_ns = v->config.plans[0].round_ns;
}

/* A check is never blind, but says what it has seen lately. */
static unsigned unfit_lately(void *self, unsigned way)
{
	const struct vantage *v = self;

	return fitness_recent(&v->ledger->ways.of[way], v->ledger->now.mono);
}

static void put_record(void *self, const struct record *record)
{
	struct vantage *v = self;

	if (v->paths)
		paths_put(v->paths, record);
	else
		v->config.sink.put(v->config.sink.self, record);
}

/* Of a vantage that watches: after a start or a sleep nothing shows at first that it is fit. */
static unsigned unfit_yet(void *self, unsigned way)
{
	struct vantage *v = self;
	struct fitness *fitness = &v->ledger->ways.of[way];
	const unsigned reasons = ways_is_real(way) ? fitness_unheard(fitness) : 0;

	fitness->told_unheard = reasons != 0;
	return reasons;
}

static int make_ledger(struct vantage *v, struct bw_now now, struct bw_err *err)
{
	struct ledger_config config = {
		.name = v->config.name,
		.boot = v->config.boot,
		.version = v->config.version,
		.roster = v->config.roster,
		.egress = v->config.egress,
		.params = v->config.params,
		.keeps_events = v->config.plans != NULL,
		.tells_changes = v->config.tells_changes,
		.first_seq = v->config.first_seq,
		.privacy_ttl = v->config.privacy_ttl,
		.sink = {.put = put_record, .self = v},
		.counters = tell_counters,
		.unfit = v->config.plans ? unfit_yet : unfit_lately,
		.self = v,
	};

	config.params.sample = sample_for(&v->config);
	return ledger_new(&config, now, &v->ledger, err);
}

static int make_watch(struct vantage *v, struct bw_err *err)
{
	const struct watch_config config = {
		.ledger = v->ledger,
		.engine = v->engine,
		.transport = v->config.transport,
		.plans = v->config.plans,
		.rate_pps = v->config.rate_pps,
		.seed = v->config.seed,
		.tells_probes = v->config.tells_probes,
	};
	int code = watch_init(&v->watch, &config);

	return code < 0 ? bw_err_set(err, code, "out of memory for %u blocks",
				     v->config.roster->block_count)
			: 0;
}

static int make_paths(struct vantage *v, struct bw_err *err)
{
	const struct vantage_config *config = &v->config;
	const struct paths_config paths = {
		.tracing =
			{
				.ledger = v->ledger,
				.transport = config->transport,
				.egress = config->egress,
				.plan = config->paths,
				.pacer = engine_pacer(v->engine),
				.egress_count = config->egress_count,
				.rate_pps = config->rate_pps,
				.seed = config->seed,
				.repeatable = config->repeatable,
			},
		.sink = config->sink,
	};

	return config->paths && config->plans ? paths_new(&paths, &v->paths, err) : 0;
}

int vantage_new(const struct vantage_config *config, struct bw_now now,
		struct vantage **ret_vantage, struct bw_err *err)
{
	struct vantage *v = calloc(1, sizeof(*v));
	int code;

	if (!v)
		return bw_err_set(err, -ENOMEM, "out of memory");
	v->config = *config;
	v->expected = BW_NEVER;
	code = make_ledger(v, now, err);
	if (code == 0)
		code = make_engine(v, err);
	if (code == 0)
		code = make_watch(v, err);
	if (code == 0)
		code = make_paths(v, err);
	if (code < 0) {
		vantage_free(v);
		return code;
	}
	*ret_vantage = v;
	return 0;
}

void vantage_free(struct vantage *v)
{
	if (!v)
		return;
	paths_free(v->paths);
	watch_fini(&v->watch);
	engine_free(v->engine);
	ledger_free(v->ledger);
	free(v);
}

void vantage_receive(struct vantage *v, const struct bw_rx *rx, struct bw_now now)
{
	v->ledger->now = now;
	if (!v->paths || !paths_receive(v->paths, rx))
		engine_receive(v->engine, rx);
}

struct bw_mono vantage_tick(struct vantage *v, struct bw_now now)
{
	bool slept =
		v->expected.ns != BW_NEVER.ns && bw_mono_since(now.mono, v->expected) > SLEPT_NS;

	v->ledger->now = now;
	watch_tick(&v->watch, slept);
	if (v->paths)
		paths_tick(v->paths);
	engine_tick(v->engine, now.mono);
	v->expected = vantage_deadline(v, now);
	return v->expected;
}

struct bw_mono vantage_deadline(const struct vantage *v, struct bw_now now)
{
	struct bw_mono next =
		bw_mono_min(engine_deadline(v->engine, now.mono), watch_deadline(&v->watch));

	return v->paths ? bw_mono_min(next, paths_deadline(v->paths)) : next;
}

bool vantage_is_done(const struct vantage *v)
{
	return watch_is_done(&v->watch);
}

void vantage_stop(struct vantage *v, unsigned reason, struct bw_now now)
{
	v->ledger->now = now;
	watch_stop(&v->watch, reason);
}

void vantage_finish(struct vantage *v, struct bw_now now)
{
	v->ledger->now = now;
	watch_finish(&v->watch);
	records_vantage(v->ledger);
}

void vantage_blind(struct vantage *v, uint8_t egress, unsigned reasons, struct bw_now now)
{
	v->ledger->now = now;
	watch_hold_blind(&v->watch, egress, reasons);
}

void vantage_rerouted(struct vantage *v, const uint8_t *before, struct bw_now now)
{
	v->ledger->now = now;
	watch_rerouted(&v->watch, before);
}

void vantage_inherit(struct vantage *v, const struct vantage *before)
{
	const struct roster *roster = v->config.roster, *old = before->config.roster;

	ways_inherit(&v->ledger->ways, &before->ledger->ways);
	v->counted = counters_of(before);
	for (uint32_t t = 0; t < roster->target_count; t++)
		for (uint32_t o = 0; o < old->target_count; o++)
			if (strcmp(roster->targets[t].target->name, old->targets[o].target->name) ==
			    0)
				v->ledger->sums.targets[t].round =
					before->ledger->sums.targets[o].round;
}

int vantage_save(const struct vantage *v, FILE *file, uint32_t boots, struct bw_err *err)
{
	return persist_save(v->ledger, v->paths ? paths_persist(v->paths) : NULL, file, boots, err);
}

struct persist_restore vantage_restore(const struct vantage *v, struct bw_now now)
{
	return (struct persist_restore){
		.ledger = v->ledger,
		.paths = v->paths ? paths_persist(v->paths) : NULL,
		.now = now,
	};
}

void vantage_flush(struct vantage *v)
{
	if (v->paths)
		paths_flush(v->paths);
}

void vantage_dump(struct vantage *v, struct bw_now now)
{
	v->ledger->now = now;
	for (uint32_t i = 0; i < v->config.roster->block_count; i++)
		records_block_anyway(v->ledger, i);
	vantage_finish(v, now);
}

struct ledger *vantage_ledger(const struct vantage *v)
{
	return v->ledger;
}

uint64_t vantage_seq(const struct vantage *v)
{
	return v->ledger->seq;
}

void vantage_progress(const struct vantage *v, struct vantage_progress *ret_progress)
{
	struct engine_stats stats;

	engine_stats(v->engine, &stats);
	*ret_progress = (struct vantage_progress){
		.blocks = v->config.roster->block_count,
		.known = v->watch.known,
		.sent = stats.sent,
		.replies = stats.replies,
	};
}
