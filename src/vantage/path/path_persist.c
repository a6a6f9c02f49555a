/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_persist.h"

#include "vantage/roster_find.h"

_Static_assert(STATE_HOPS_MAX == BASELINE_HOPS_MAX,
	       "a saved path has other limits than a baseline");
_Static_assert(STATE_TTL_MAX == PATH_TTL_MAX, "a saved path has other limits than a baseline");
_Static_assert(STATE_FLOWS == BASELINE_FLOWS, "a saved path has other limits than a baseline");

static const struct roster *roster_of(const struct path_units *units)
{
	return units->ledger->config.roster;
}

static bool is_known(const struct path_unit *unit)
{
	return unit->flow > 0 && unit->baseline.end > 0;
}

uint32_t path_persist_count(const struct path_units *units)
{
	uint32_t count = 0;

	for (uint32_t unit = 0; unit < units->count; unit++)
		count += is_known(&units->list[unit]);
	return count;
}

static void save(const struct path_units *units, uint32_t unit, struct state_writer *writer)
{
	const struct path_unit *u = &units->list[unit];
	const struct baseline *baseline = &u->baseline;
	const struct roster *roster = roster_of(units);
	struct state_path state = {
		.target = roster->targets[path_units_target(units, unit)].target->name,
		.destination = roster_host_addr(roster, u->block, u->host),
		.method = roster_method(roster, u->block, u->host, u->method),
		.flow = u->flow,
		.traces = baseline->traces,
		.end = baseline->end,
		.traced = bw_wall_of(units->ledger->now, baseline->aged),
	};

	for (; state.hop_count < baseline->count; state.hop_count++) {
		const struct baseline_hop *hop = &baseline->hops[state.hop_count];

		state.hops[state.hop_count] = (struct state_hop){
			.from = *hop_table_addr(&units->hops, hop->hop),
			.ttl = hop->ttl,
			.flows = hop->flows,
			.rate = hop->rate,
			.age_min = hop->age_min,
		};
	}
	(void)state_writer_put_path(writer, &state);
}

void path_persist_save(const struct path_units *units, struct state_writer *writer)
{
	for (uint32_t unit = 0; unit < units->count; unit++)
		if (is_known(&units->list[unit]))
			save(units, unit, writer);
}

static uint8_t find_method(const struct roster *roster, uint32_t block, uint16_t host,
			   struct bw_method method)
{
	for (unsigned n = roster_method_count(roster, block, host); n-- > 1;)
		if (bw_method_equal(roster_method(roster, block, host, n), method))
			return (uint8_t)n;
	return 0;
}

/* The moment of T by the clock of NOW, which may have been set back since. */
static struct bw_mono moment_of(struct bw_now now, struct bw_wall t)
{
	return t.ns > now.wall.ns ? now.mono : (struct bw_mono){now.mono.ns - (now.wall.ns - t.ns)};
}

static void restore_hops(struct path_units *units, struct baseline *baseline,
			 const struct state_path *state)
{
	for (uint32_t n = 0; n < state->hop_count; n++) {
		const struct state_hop *saved = &state->hops[n];
		uint32_t hop = hop_table_add(&units->hops, &saved->from);

		if (hop != HOP_NONE)
			baseline->hops[baseline->count++] = (struct baseline_hop){
				.hop = hop,
				.age_min = saved->age_min,
				.ttl = saved->ttl & (PATH_TTL_MAX - 1),
				.flows = saved->flows & 3,
				.rate = saved->rate,
			};
	}
}

uint32_t path_persist_take(struct path_units *units, const struct state_path *state,
			   struct bw_now now)
{
	const struct roster *roster = roster_of(units);
	uint32_t target = roster_find_target(roster, state->target), block, host, unit;
	struct bw_mono traced = moment_of(now, state->traced);
	struct path_unit *u;

	if (target == ROSTER_NONE)
		return UINT32_MAX;
	block = roster_find_block_of(roster, target, &state->destination);
	if (block == ROSTER_NONE)
		return UINT32_MAX;
	unit = path_units_of_block(units, block);
	u = &units->list[unit];
	if (is_known(u) && !bw_mono_before(u->baseline.aged, traced))
		return UINT32_MAX;
	u->block = block;
	host = roster_find_host(roster, block, &state->destination);
	u->host = host == ROSTER_NONE ? 0 : (uint16_t)host;
	u->method = find_method(roster, block, u->host, state->method);
	u->flow = (uint8_t)state->flow;
	u->baseline = (struct baseline){
		.aged = traced,
		.traces = (uint16_t)state->traces,
		.end = (uint8_t)state->end,
	};
	restore_hops(units, &u->baseline, state);
	return unit;
}
