/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_tracing.h"

#include <errno.h>
#include <math.h>

#include "vantage/ledger/records.h"
#include "vantage/path/path_wish.h"

#define TICK_NS (10 * BW_MS)
#define SHARE 0.5     /* of the rate, for traces */
#define ACTIVE_MIN 8U /* traces at a time: ... */
#define ACTIVE_MAX 1024U
#define ACTIVE_PPS 3               /* ... one for so many packets a second, as more delay all */
#define BASELINES_MIN 8U           /* of which trace what is up: so many, ... */
#define BASELINES_PER_PPS 0.0625   /* ... or so many for each packet a second, if that is more */
#define LOOK_AGAIN_NS (20 * BW_S)  /* for a unit that is not up */
#define SECOND_FLOW_NS (10 * BW_S) /* from the first trace of a unit to that of its other flow */
#define FRESH_NS (10 * BW_S)       /* a path that was found serves other events for so long */
#define FORGET_NS (600 * BW_S)     /* what the first traces have found serves others for so long */
#define OWN_LIFE_NS (10 * BW_S)    /* a sign of life so much older clears the vantage */
#define RESUME_NS (12 * BW_S)      /* from the start to paths of what is dark, > OWN_LIFE_NS */

static const struct roster *roster_of(const struct path_tracing *p)
{
	return p->ledger->config.roster;
}

static struct bw_mono now_of(const struct path_tracing *p)
{
	return p->ledger->now.mono;
}

/* SPAN_NS later, give or take 10 %. */
static void look_again(struct path_tracing *p, uint32_t unit, int64_t span_ns)
{
	double factor = 0.9 + 0.2 * rng_unit(&p->rng);

	wheel_arm(p->wheel, unit, bw_mono_add(now_of(p), (int64_t)((double)span_ns * factor)));
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Whether the trace can be made. */
static bool is_possible(const struct path_tracing *p, const struct trace_wish *wish)
{
	return wish->egress < p->config.egress_count && bw_methods_has(&p->methods, wish->method);
}

static bool wish_to_learn(struct path_tracing *p, uint32_t unit, struct trace_wish *wish)
{
	if (!path_wish_learn(&p->units, unit, wish)) {
		look_again(p, unit, least(LOOK_AGAIN_NS, p->config.plan->every_ns));
		return false;
	}
	if (is_possible(p, wish))
		return true;
	look_again(p, unit, p->config.plan->every_ns);
	return false;
}

static bool wish_to_seek(struct path_tracing *p, uint32_t unit, struct trace_wish *wish)
{
	*wish = path_wish_seek(&p->units, unit);
	if (is_possible(p, wish))
		return true;
	p->units.results[unit].search = PATH_NOT_SOUGHT;
	p->targets.list[path_units_target(&p->units, unit)].sought--;
	return false;
}

static bool next_wish(void *self, struct trace_wish *wish)
{
	struct path_tracing *p = self;

	while (p->seek.count > 0)
		if (wish_to_seek(p, path_line_take(&p->seek), wish))
			return true;
	while (p->learn.count > 0 && p->learning < p->learning_max) {
		if (!wish_to_learn(p, path_line_take(&p->learn), wish))
			continue;
		p->learning++;
		return true;
	}
	return false;
}

/* The first hops that are the vantage's own network. */
static uint8_t own_hops(const struct path_tracing *p, uint8_t egress)
{
	uint8_t gateway = p->config.egress[egress].gateway.family != 0;

	return p->config.plan->privacy_ttl > gateway ? p->config.plan->privacy_ttl : gateway;
}

/* Puts out the record of TRACE, whose lists are filled in. */
static void put_trace(struct path_tracing *p, uint32_t block, uint64_t event,
		      const struct record_path *path)
{
	struct record_trace *trace = &p->record.trace;

	trace->target = roster_of(p)->targets[ledger_target_of(p->ledger, block)].target->name;
	trace->block = roster_prefix(roster_of(p), block);
	trace->event = event;
	trace->path = path;
	records_trace(p->ledger, trace);
}

static void learn(struct path_tracing *p, const struct trace *trace)
{
	struct path_unit *u = &p->units.list[trace->subject];
	struct path path = path_of_trace(trace);
	int64_t every_ns = p->config.plan->every_ns;

	p->learning--;
	path_record_fill(&p->record, trace, &u->baseline, &p->units.hops, p->config.plan);
	baseline_learn(&u->baseline, &p->units.hops, &path, trace->flow, now_of(p));
	put_trace(p, u->block, 0, NULL);
	if (u->baseline.traces < BASELINE_FLOWS)
		every_ns = least(every_ns, SECOND_FLOW_NS);
	look_again(p, trace->subject, every_ns);
}

/* AT is at the vantage's own hops. If others pass them, the vantage is not at fault: it is a path
 * like any other, unless the last hop is hidden. If nothing passes, the way out is to blame. */
static void judge_own(struct path_tracing *p, unsigned way, struct path_break *at)
{
	const struct health *health = &p->ledger->ways.of[way].health;

	if (health_hears_beyond(health, bw_mono_add(now_of(p), -OWN_LIFE_NS)))
		at->is_own = at->last.ttl <= p->config.plan->privacy_ttl;
	else if (at->blames_vantage)
		ways_find_blind(&p->ledger->ways, way, BW_WHY_VANTAGE_OFFLINE);
}

void path_tracing_hear(struct path_tracing *p, const struct outcome *error)
{
	path_units_hear(&p->units, error, path_kind_of(error->reply));
}

static void found(struct path_tracing *p, const struct trace *trace)
{
	struct path_result *result = &p->units.results[trace->subject];
	struct path_unit *u = &p->units.list[trace->subject];
	uint32_t target = path_units_target(&p->units, trace->subject);
	const struct record_path *path;
	uint64_t event;
	struct path at = path_of_trace(trace);
	uint8_t own = own_hops(p, trace->egress);

	path_record_fill(&p->record, trace, &u->baseline, &p->units.hops, p->config.plan);
	result->at = path_break_find(&at, &u->baseline, &p->units.hops, own);
	if (result->at.is_own)
		judge_own(p, trace->egress, &result->at);
	path_units_add_refusal(&p->units, trace->subject, own, now_of(p));
	result->made = now_of(p);
	result->search = PATH_FOUND;
	p->targets.list[target].sought--;
	path = path_targets_found(&p->targets, target, result->is_late);
	event = path ? p->targets.list[target].event : result->event;
	if (result->is_late)
		path = path_tell_block(&p->units, p->config.plan, result->block, &p->targets.words);
	result->is_late = false;
	put_trace(p, result->block, event, path);
}

static void on_trace(void *self, const struct trace *trace)
{
	struct path_tracing *p = self;

	if (trace->until)
		found(p, trace);
	else
		learn(p, trace);
}

/* Whether the destination is behind the vantage's own hops: else nothing can be said. */
static bool is_worth_seeking(const struct path_tracing *p, uint32_t unit, uint32_t block)
{
	const struct baseline *baseline = &p->units.list[unit].baseline;
	uint8_t egress = roster_of(p)->blocks[block].egress;
	uint8_t own = egress < p->config.egress_count ? own_hops(p, egress) : PATH_TTL_MAX;

	return baseline->end > own;
}

static void seek(struct path_tracing *p, uint32_t unit, uint32_t block, uint64_t event)
{
	struct path_result *result = &p->units.results[unit];

	if (!is_worth_seeking(p, unit, block) || result->search == PATH_SOUGHT)
		return;
	result->block = block;
	result->event = event;
	result->search = PATH_SOUGHT;
	p->targets.list[path_units_target(&p->units, unit)].sought++;
	path_line_put(&p->seek, unit);
}

void path_tracing_seek(struct path_tracing *p, uint32_t block, uint64_t event)
{
	uint32_t unit = path_units_of_block(&p->units, block);
	const struct path_result *result = &p->units.results[unit];

	if (result->search != PATH_FOUND || bw_mono_since(now_of(p), result->made) >= FRESH_NS)
		seek(p, unit, block, event);
}

void path_tracing_restored(struct path_tracing *p, uint32_t unit)
{
	struct bw_mono due =
		bw_mono_add(p->units.list[unit].baseline.aged, p->config.plan->every_ns);

	if (bw_mono_before(now_of(p), due))
		look_again(p, unit, bw_mono_since(due, now_of(p)));
	p->resume_at = bw_mono_add(now_of(p), RESUME_NS);
}

/* What is dark since before the start: other events will count where its path ends. */
static void seek_dark(struct path_tracing *p, struct roster_range units)
{
	for (uint32_t unit = units.first; unit < units.end; unit++) {
		uint32_t block = path_units_find_dark(&p->units, unit);

		if (block != UINT32_MAX)
			path_tracing_seek(p, block, 0);
	}
}

void path_tracing_seek_target(struct path_tracing *p, uint32_t target)
{
	if (p->resume_at.ns != BW_NEVER.ns)
		seek_dark(p, path_units_of_target(&p->units, target));
}

static void resume(struct path_tracing *p)
{
	if (bw_mono_before(now_of(p), p->resume_at))
		return;
	p->resume_at = BW_NEVER;
	seek_dark(p, (struct roster_range){0, p->units.count});
}

/* The last traces of targets, which tell how many of their networks end at one hop. */
static void close_targets(struct path_tracing *p)
{
	uint32_t unit;

	while (path_targets_close(&p->targets, &unit))
		if (unit != UINT32_MAX)
			seek(p, unit, p->units.results[unit].block,
			     p->targets.list[path_units_target(&p->units, unit)].event);
}

static void expire(struct path_tracing *p)
{
	uint32_t unit;

	while (wheel_expire(p->wheel, now_of(p), &unit)) {
		if (path_units_find_up(&p->units, unit) == UINT32_MAX)
			look_again(p, unit, least(LOOK_AGAIN_NS, p->config.plan->every_ns));
		else
			path_line_put(&p->learn, unit);
	}
}

void path_tracing_tick(struct path_tracing *p)
{
	expire(p);
	resume(p);
	close_targets(p);
	if (!bw_mono_before(now_of(p), p->forget_at)) {
		tracer_forget(p->tracer);
		p->forget_at = bw_mono_add(now_of(p), FORGET_NS);
	}
	tracer_tick(p->tracer, now_of(p));
}

/* Whether a trace could start now: the tracer asks for wishes when it is called only. */
static bool can_start(const struct path_tracing *p)
{
	return p->seek.count > 0 || (p->learn.count > 0 && p->learning < p->learning_max);
}

struct bw_mono path_tracing_deadline(const struct path_tracing *p)
{
	struct bw_mono next =
		bw_mono_min(wheel_next(p->wheel), tracer_deadline(p->tracer, now_of(p)));

	next = bw_mono_min(next, bw_mono_min(p->resume_at, p->targets.close_at));
	if (can_start(p))
		next = bw_mono_min(next, bw_mono_add(now_of(p), TICK_NS));
	return next;
}

bool path_tracing_receive(struct path_tracing *p, const struct bw_rx *rx)
{
	return !tracer_is_done(p->tracer) && tracer_receive(p->tracer, rx);
}

static uint32_t active_max(const struct path_tracing *p)
{
	double most = fmin(fmax(p->config.rate_pps * SHARE / ACTIVE_PPS, ACTIVE_MIN), ACTIVE_MAX);

	return (uint32_t)fmin(most, p->units.count);
}

static int make_tracer(struct path_tracing *p, struct bw_err *err)
{
	const struct path_tracing_config *config = &p->config;
	struct tracer_config tracer = {
		.transport = config->transport,
		.egress = config->egress,
		.egress_count = config->egress_count,
		.methods = &p->methods,
		.rate_pps = config->rate_pps * SHARE,
		.pacer = config->pacer,
		.spread = true,
		.limits = {.max_ttl = 40, .gap = 5, .tries = 2, .timeout_ns = 1200 * BW_MS},
		.active_max = active_max(p),
		.seed = config->repeatable ? config->seed ^ UINT64_C(0x7061746873) : 0,
		.next = next_wish,
		.on_trace = on_trace,
		.self = p,
	};

	return tracer_new(&tracer, now_of(p), &p->tracer, err);
}

static int make_lines(struct path_tracing *p)
{
	int code = path_line_init(&p->learn, p->units.count);

	if (code == 0)
		code = path_line_init(&p->seek, p->units.count);
	if (code == 0)
		code = path_targets_init(&p->targets, &p->units, p->config.plan);
	p->wheel = wheel_new(p->units.count + 1, TICK_NS, now_of(p));
	return code == 0 && p->wheel ? 0 : -ENOMEM;
}

static void spread(struct path_tracing *p)
{
	int64_t span_ns = least(LOOK_AGAIN_NS, p->config.plan->every_ns);

	for (uint32_t unit = 0; unit < p->units.count; unit++)
		wheel_arm(p->wheel, unit,
			  bw_mono_add(now_of(p), (int64_t)((double)span_ns * rng_unit(&p->rng))));
}

int path_tracing_init(struct path_tracing *p, const struct path_tracing_config *config,
		      struct bw_err *err)
{
	double learning = config->rate_pps * BASELINES_PER_PPS;
	int code;

	*p = (struct path_tracing){.config = *config, .ledger = config->ledger};
	p->rng = rng_of(config->seed);
	p->learning_max = (uint32_t)fmin(fmax(learning, BASELINES_MIN), ACTIVE_MAX);
	p->forget_at = bw_mono_add(now_of(p), FORGET_NS);
	p->resume_at = BW_NEVER;
	p->methods = path_wish_methods(roster_of(p));
	code = path_units_init(&p->units, p->ledger);
	if (code == 0)
		code = make_lines(p);
	if (code < 0)
		return bw_err_set(err, code, "out of memory for %u paths", p->units.count);
	code = make_tracer(p, err);
	if (code == 0)
		spread(p);
	return code;
}

void path_tracing_fini(struct path_tracing *p)
{
	tracer_free(p->tracer);
	wheel_free(p->wheel);
	path_units_fini(&p->units);
	path_line_fini(&p->learn);
	path_line_fini(&p->seek);
	path_targets_fini(&p->targets);
}
