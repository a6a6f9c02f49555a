/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"

#include "vantage/ledger/persist.h"
#include "vantage/roster_weigh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "target/file/parse.h"
#include "vantage/roster_egress.h"

#define JSON_MAX (1 << 20)
#define YEARS_NS (365 * 24 * 3600 * BW_S)

static struct bw_prefix prefix(const char *text)
{
	struct bw_prefix p = {0};

	assert_int_equal(bw_prefix_parse(text, &p, NULL), 0);
	return p;
}

static int done(int code, const struct bw_err *err)
{
	if (code < 0)
		fail_msg("%s", err->message);
	return code;
}

void rig_init(struct rig *rig, unsigned blocks)
{
	*rig = (struct rig){
		.blocks = blocks,
		.rate_pps = 500,
		.hosts = 10,
		.known = true,
		.kind = {.availability = 1, .icmp = true},
		.profile = {.delay = {.base_ns = 250 * BW_MS}},
	};
}

static uint32_t add_lone_router(struct rig *rig, const char *block, bool lan)
{
	struct sim_profile profile = {.border = true, .lan = lan};
	struct bw_prefix first = prefix(block);
	struct bw_err err = {0};
	int number = done(sim_world_add_profile(rig->world, &profile, &err), &err);

	return (uint32_t)done(sim_world_add_blocks(rig->world, &first, 1, 0, (uint16_t)number,
						   &err),
			      &err);
}

/* The path to the country: one border router. */
static int add_path(struct rig *rig)
{
	struct sim_router router = {
		.v4 = bw_addr_from_v4(rig->border ? rig->border : 0x0a620002),
	};
	struct sim_path path = {.hop_count = 1, .hops = {{.count = 1}}};
	struct bw_err err = {0};

	path.hops[0].routers[0] =
		(uint16_t)done(sim_world_add_router(rig->world, &router, &err), &err);
	return done(sim_world_add_path(rig->world, &path, &err), &err);
}

static void add_hosts(struct rig *rig, uint16_t kind)
{
	struct bw_err err = {0};

	for (uint32_t b = 0; b < rig->blocks; b++)
		for (unsigned h = 0; h < rig->hosts; h++) {
			struct sim_host host = {
				.addr = bw_addr_from_v4((198U << 24 | 18U << 16) + (b << 8) + 10 +
							h),
				.kind = kind,
			};

			done(sim_world_add_host(rig->world, &host, &err), &err);
		}
}

void rig_build(struct rig *rig)
{
	struct sim_world_config config = {.seed = 7, .start = {1419177600 * BW_S}};
	struct sim_vantage vantage = {.path = -1, .link = rig->uplink};
	struct bw_prefix first = prefix("198.18.0.0/24");
	struct bw_err err = {0};
	int kind, profile;

	rig->world = sim_world_new(&config);
	assert_non_null(rig->world);
	done(sim_world_add_network(rig->world, add_path(rig), &err), &err);
	kind = done(sim_world_add_host_kind(rig->world, &rig->kind, &err), &err);
	profile = done(sim_world_add_profile(rig->world, &rig->profile, &err), &err);
	done(sim_world_add_blocks(rig->world, &first, rig->blocks, 0, (uint16_t)profile, &err),
	     &err);
	add_hosts(rig, (uint16_t)kind);
	rig->gateway = add_lone_router(rig, "10.99.0.0/24", true);
	rig->reference = add_lone_router(rig, "10.98.0.0/24", false);
	assert_int_equal(bw_addr_parse("10.99.0.2", &vantage.v4), 0);
	done(sim_world_add_vantage(rig->world, &vantage, &err), &err);
}

void rig_darken(struct rig *rig, uint32_t block, int64_t from_ms, int64_t to_ms)
{
	struct sim_fault fault = {
		.scope = SIM_BLOCK,
		.subject = block,
		.kind = SIM_SILENT,
		.start = {from_ms * BW_MS},
		.end = {to_ms ? to_ms * BW_MS : YEARS_NS},
		.router = SIM_LAST_ROUTER,
	};
	struct bw_err err = {0};

	done(sim_world_add_fault(rig->world, &fault, &err), &err);
}

static struct bw_target *make_target(const struct rig *rig)
{
	char *json = malloc(JSON_MAX);
	struct bw_target *target = NULL;
	struct bw_err err = {0};
	int at;

	assert_non_null(json);
	at = snprintf(json, JSON_MAX,
		      "{\"schema\":\"blockwatch/target/1\",\"name\":\"land\",\"methods\":%s,"
		      "\"networks\":[",
		      rig->methods ? rig->methods : "[\"icmp\"]");
	for (uint32_t b = 0; b < rig->blocks; b++) {
		at += snprintf(json + at, (size_t)(JSON_MAX - at),
			       "%s{\"prefix\":\"198.%u.%u.0/24\"", b ? "," : "", 18 + b / 256,
			       b % 256);
		for (unsigned h = 0; h < rig->hosts && rig->known; h++)
			at += snprintf(json + at, (size_t)(JSON_MAX - at),
				       "%s{\"address\":\"198.%u.%u.%u\",\"availability\":%.2f%s}%s",
				       h ? "," : ",\"hosts\":[", 18 + b / 256, b % 256, 10 + h,
				       rig->kind.availability < 0.9 ? rig->kind.availability : 0.9,
				       rig->guessed ? "" : ",\"seen\":\"2014-12-21\"",
				       h + 1 == rig->hosts ? "]" : "");
		at += snprintf(json + at, (size_t)(JSON_MAX - at), "}");
	}
	at += snprintf(json + at, (size_t)(JSON_MAX - at), "]}");
	done(target_parse(json, (size_t)at, "rig", &target, &err), &err);
	free(json);
	return target;
}

static void add_sentinel(struct roster *roster, const char *addr, enum health_source source)
{
	struct roster_sentinel sentinel = {
		.method = {BW_PROTOCOL_ICMP, 0},
		.source = source,
	};

	assert_int_equal(bw_addr_parse(addr, &sentinel.addr), 0);
	assert_int_equal(roster_add_sentinel(roster, &sentinel, NULL), 0);
}

static void put_record(void *self, const struct record *record)
{
	struct rig *rig = self;

	assert_int_equal(record->head.seq, ++rig->seq);
	if (record->type == RECORD_BLOCK)
		rig->sent += record->block.sent;
	if (rig->round_ns && record->type != RECORD_EVENT &&
	    (record->type != RECORD_VANTAGE || record->vantage.healthy))
		return;
	assert_true(rig->record_count < sizeof(rig->records) / sizeof(rig->records[0]));
	rig->records[rig->record_count++] = *record;
}

static struct bw_now now_of(const struct rig *rig, struct bw_mono mono)
{
	return (struct bw_now){.mono = mono, .wall = sim_world_wall(rig->world, 0, mono)};
}

/* A daemon checks its machine periodically in the same way. */
static void hold(const struct rig *rig, struct vantage *vantage, struct bw_mono mono)
{
	if (mono.ns >= rig->held_from_ns && mono.ns < rig->held_to_ns)
		vantage_blind(vantage, 0, BW_WHY_CONNTRACK_FULL, now_of(rig, mono));
	else if (rig->held_to_ns)
		vantage_blind(vantage, 0, 0, now_of(rig, mono));
}

static void drive(struct rig *rig, struct vantage *vantage)
{
	int64_t limit = rig->limit_ns ? rig->limit_ns : 60 * BW_S;
	struct bw_mono mono = {0};
	struct bw_rx rx;

	vantage_tick(vantage, now_of(rig, mono));
	while (!vantage_is_done(vantage) && mono.ns < limit) {
		struct bw_mono next = bw_mono_min(vantage_deadline(vantage, now_of(rig, mono)),
						  sim_world_next(rig->world));

		next = sim_world_awake(rig->world, 0, next);
		mono = bw_mono_before(mono, next) ? next : (struct bw_mono){mono.ns + 1000};
		sim_world_set_now(rig->world, mono);
		while (sim_world_take(rig->world, NULL, &rx))
			vantage_receive(vantage, &rx, now_of(rig, mono));
		hold(rig, vantage, mono);
		vantage_tick(vantage, now_of(rig, mono));
	}
	if (!vantage_is_done(vantage))
		vantage_stop(vantage, BW_WHY_INTERRUPTED, now_of(rig, mono));
	vantage_finish(vantage, now_of(rig, mono));
	rig->end_ns = mono.ns;
}

static void make_roster(const struct rig *rig, const struct bw_target *target,
			struct roster *roster)
{
	struct bw_err err = {0};

	done(roster_init(roster, &target, 1, &(struct roster_options){.seed = 11}, &err), &err);
	roster_egress_set(roster, 0, 0);
	if (!rig->no_gateway)
		add_sentinel(roster, "10.99.0.1", HEALTH_GATEWAY);
	if (rig->with_reference)
		add_sentinel(roster, "10.98.0.1", HEALTH_REFERENCE);
}

static void remember(const struct rig *rig, struct vantage *vantage)
{
	struct persist_restore restore = {
		.ledger = vantage_ledger(vantage),
		.now = now_of(rig, (struct bw_mono){0}),
	};
	struct state_handlers handlers = persist_handlers(&restore);
	struct bw_err err = {0};

	if (rig->memory)
		done(state_read(rig->memory, strlen(rig->memory), "memory", &handlers, &err), &err);
}

static void run(struct rig *rig, const struct vantage_plan *plan)
{
	struct bw_transport transport = sim_world_transport(rig->world, 0);
	struct bw_target *target = make_target(rig);
	struct bw_egress egress = {.interface = "sim0"};
	struct roster roster;
	struct vantage_config config = {
		.name = "rig",
		.boot = "0",
		.version = "test",
		.roster = &roster,
		.transport = &transport,
		.egress = &egress,
		.egress_count = 1,
		.params = plan ? infer_params_rounds(0.1) : infer_params_default(),
		.plans = plan,
		.rate_pps = rig->rate_pps,
		.seed = 11,
		.repeatable = true,
		.sink = {.put = put_record, .self = rig},
	};
	struct bw_err err = {0};
	struct vantage *vantage = NULL;

	if (plan)
		config.params.confirm_ns = plan->confirm_ns;
	done(sim_world_seal(rig->world, &err), &err);
	assert_int_equal(bw_addr_parse("10.99.0.2", &egress.source), 0);
	make_roster(rig, target, &roster);
	if (!plan)
		assert_int_equal(roster_weigh(&roster, now_of(rig, (struct bw_mono){0}).wall), 0);
	done(vantage_new(&config, now_of(rig, (struct bw_mono){0}), &vantage, &err), &err);
	remember(rig, vantage);
	if (rig->checks)
		memory_recall(rig->checks, vantage_ledger(vantage));
	drive(rig, vantage);
	if (rig->checks)
		assert_int_equal(memory_learn(rig->checks, vantage_ledger(vantage),
					      (struct bw_mono){0}),
				 0);
	vantage_free(vantage);
	roster_fini(&roster);
	bw_target_free(target);
	sim_world_free(rig->world);
}

void rig_check(struct rig *rig)
{
	run(rig, NULL);
}

void rig_watch(struct rig *rig, int64_t duration_ns)
{
	struct vantage_plan plan = {
		.round_ns = rig->round_ns,
		.confirm_ns = rig->confirm_ns ? rig->confirm_ns : 5 * BW_S,
		.probes_per_hour = rig->probes_per_hour ? rig->probes_per_hour : 400,
	};

	rig->limit_ns = duration_ns;
	run(rig, &plan);
}

const struct record_event *rig_event(const struct rig *rig, enum bw_scope scope, unsigned n)
{
	for (unsigned i = 0; i < rig->record_count; i++)
		if (rig->records[i].type == RECORD_EVENT && rig->records[i].event.scope == scope &&
		    n-- == 0)
			return &rig->records[i].event;
	return NULL;
}

const struct record_block *rig_block(const struct rig *rig, uint32_t number)
{
	struct bw_addr addr = bw_addr_from_v4((198U << 24 | 18U << 16) + (number << 8));

	for (unsigned i = rig->record_count; i-- > 0;)
		if (rig->records[i].type == RECORD_BLOCK &&
		    bw_addr_equal(&rig->records[i].block.block.addr, &addr))
			return &rig->records[i].block;
	fail_msg("no record of block %u", number);
	return NULL;
}

const struct record_target *rig_target(const struct rig *rig)
{
	assert_true(rig->record_count >= 2);
	assert_int_equal(rig->records[rig->record_count - 2].type, RECORD_TARGET);
	return &rig->records[rig->record_count - 2].target;
}

const struct record_vantage *rig_vantage(const struct rig *rig)
{
	assert_int_equal(rig->records[rig->record_count - 1].type, RECORD_VANTAGE);
	return &rig->records[rig->record_count - 1].vantage;
}
