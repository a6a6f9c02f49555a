/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_check.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

#define MAX_TTL 32
#define UNTIL 30 /* backwards from there: hardly any host is further away */
#define GAP 3
#define TRIES 2
#define TIMEOUT_NS (1200 * BW_MS)
#define ACTIVE_MAX 256U

struct path_check {
	struct path_tracing_config config;
	struct path_units units;
	struct tracer *tracer;
	struct bw_methods methods;
	struct array blocks; /* uint32_t: those that are traced */
	uint32_t next;
	struct path_words words;
};

static const struct roster *roster_of(const struct path_check *c)
{
	return c->config.ledger->config.roster;
}

static bool add_method(struct path_check *c, struct bw_method method)
{
	if (bw_methods_has(&c->methods, method))
		return true;
	if (c->methods.count == BW_METHODS_MAX)
		return false;
	c->methods.list[c->methods.count++] = method;
	return true;
}

/* The host of a block that is traced: one that answered, else the one that does most often. */
static struct trace_wish wish_of(const struct path_check *c, uint32_t block)
{
	const struct roster *roster = roster_of(c);
	const struct block *b = &c->config.ledger->blocks[block];
	uint16_t host = b->hot.count ? b->hot.hosts[b->hot.count - 1] : 0;
	struct trace_wish wish = {
		.dst = roster_host_addr(roster, block, host),
		.method = roster_method(roster, block, host, hotlist_method(&b->hot, host)),
		.subject = block,
		.flow = 1,
		.egress = roster->blocks[block].egress,
	};

	if (b->verdict == BW_DARK) {
		wish.until = UNTIL;
		wish.usual = TRACE_TTL_BIT(UNTIL) - 1;
	}
	return wish;
}

/* The first block of a network with this verdict that can be traced; UINT32_MAX: none. */
static uint32_t find_block(const struct path_check *c, uint32_t network, enum bw_verdict verdict)
{
	struct roster_range range = roster_network_blocks(roster_of(c), network);

	for (uint32_t n = range.first; n < range.end; n++) {
		const struct roster_block *block = &roster_of(c)->blocks[n];

		if (c->config.ledger->blocks[n].verdict == verdict &&
		    block->egress < c->config.egress_count && block->refused == ROSTER_ALLOWED)
			return n;
	}
	return UINT32_MAX;
}

/* Adds a block of each network of a target that has one with this verdict. Returns how many. */
static int add_blocks(struct path_check *c, const struct roster_target *target,
		      enum bw_verdict verdict)
{
	int count = 0;

	for (uint32_t n = 0; n < target->network_count && count < PATH_CHECK_MAX; n++) {
		uint32_t block = find_block(c, target->first_network + n, verdict);

		if (block == UINT32_MAX || !add_method(c, wish_of(c, block).method))
			continue;
		if (array_add(&c->blocks, &block) < 0)
			return -ENOMEM;
		count++;
	}
	return count;
}

static bool next_wish(void *self, struct trace_wish *ret_wish)
{
	struct path_check *c = self;

	if (c->next == c->blocks.count)
		return false;
	*ret_wish = wish_of(c, *(const uint32_t *)array_at(&c->blocks, c->next++));
	return true;
}

/* Whether in this check anything has answered from behind the first hop of a way. */
static bool hears_beyond(const struct path_check *c, unsigned way)
{
	return health_hears_beyond(&c->config.ledger->ways.of[way].health, BLOCK_NEVER_ANSWERED);
}

static void on_trace(void *self, const struct trace *trace)
{
	struct path_check *c = self;
	uint32_t block = trace->subject, unit = path_units_of_block(&c->units, block);
	struct path_result *result = &c->units.results[unit];
	const struct baseline nothing = {.end = 0};
	struct path path = path_of_trace(trace);
	uint8_t own = c->config.egress[trace->egress].gateway.family != 0;

	if (c->config.ledger->blocks[block].verdict == BW_UP) {
		c->units.list[unit].block = block;
		baseline_learn(&c->units.list[unit].baseline, &c->units.hops, &path, 1,
			       c->config.ledger->now.mono);
		return;
	}
	result->at = path_break_find(&path, &nothing, &c->units.hops, own);
	/* If others pass the gateway, a path that ends there is one like any other. */
	if (result->at.is_own && hears_beyond(c, trace->egress))
		result->at.is_own = result->at.last.ttl == 0;
	result->block = block;
	result->search = PATH_FOUND;
}

static int make_tracer(struct path_check *c, struct bw_err *err)
{
	const struct path_tracing_config *config = &c->config;
	struct tracer_config tracer = {
		.transport = config->transport,
		.egress = config->egress,
		.egress_count = config->egress_count,
		.methods = &c->methods,
		.rate_pps = config->rate_pps,
		.spread = true,
		.pacer = config->pacer,
		.limits = {.max_ttl = MAX_TTL,
			   .gap = GAP,
			   .tries = TRIES,
			   .timeout_ns = TIMEOUT_NS},
		.active_max = c->blocks.count < ACTIVE_MAX ? c->blocks.count : ACTIVE_MAX,
		.seed = config->repeatable ? config->seed : 0,
		.next = next_wish,
		.on_trace = on_trace,
		.self = c,
	};

	return tracer_new(&tracer, config->ledger->now.mono, &c->tracer, err);
}

/* Those of targets that are dark in part: dark networks, and such as may still pass. */
static int choose(struct path_check *c)
{
	for (uint32_t t = 0; t < roster_of(c)->target_count; t++) {
		int code = add_blocks(c, &roster_of(c)->targets[t], BW_DARK);

		if (code > 0)
			code = add_blocks(c, &roster_of(c)->targets[t], BW_UP);
		if (code < 0)
			return code;
	}
	return 0;
}

int path_check_new(const struct path_tracing_config *config, struct path_check **ret_check,
		   struct bw_err *err)
{
	struct path_check *c = calloc(1, sizeof(*c));
	int code;

	*ret_check = NULL;
	if (!c)
		return bw_err_set(err, -ENOMEM, "out of memory");
	c->config = *config;
	c->blocks = array_of(sizeof(uint32_t));
	code = path_units_init(&c->units, config->ledger);
	if (code == 0)
		code = choose(c);
	if (code < 0)
		bw_err_set(err, code, "out of memory for paths");
	else if (c->blocks.count > 0)
		code = make_tracer(c, err);
	if (code < 0 || c->blocks.count == 0) {
		path_check_free(c);
		return code;
	}
	*ret_check = c;
	return 0;
}

void path_check_free(struct path_check *c)
{
	if (!c)
		return;
	tracer_free(c->tracer);
	path_units_fini(&c->units);
	array_fini(&c->blocks);
	free(c);
}

void path_check_receive(struct path_check *c, const struct bw_rx *rx)
{
	(void)tracer_receive(c->tracer, rx);
}

void path_check_tick(struct path_check *c, struct bw_mono now)
{
	tracer_tick(c->tracer, now);
}

struct bw_mono path_check_deadline(const struct path_check *c, struct bw_mono now)
{
	return tracer_deadline(c->tracer, now);
}

bool path_check_is_done(const struct path_check *c)
{
	return tracer_is_done(c->tracer);
}

const struct record_path *path_check_tell(struct path_check *c, uint32_t target)
{
	return path_tell(&c->units, c->config.plan, BW_SCOPE_TARGET, target, "", &c->words);
}
