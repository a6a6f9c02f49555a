/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/fitness/ways.h"

#include <string.h>

#include <blockwatch/verdict.h>

static void lose_route(struct fitness *fitness, struct bw_mono now)
{
	fitness->reasons = BW_WHY_NO_ROUTE;
	fitness->held = true;
	fitness->since = now;
}

void ways_init(struct ways *ways, const struct bw_egress *egress, struct bw_mono now)
{
	*ways = (struct ways){.egress = egress};
	for (unsigned n = 0; n < WAYS_MAX; n++)
		fitness_init(&ways->of[n], now);
}

static void count_blocks(struct ways *ways, const struct roster *roster)
{
	memset(ways->blocks, 0, sizeof(ways->blocks));
	for (uint32_t i = 0; i < roster->block_count; i++) {
		unsigned way = ways_of_block(ways, roster, i);

		/* A block that nobody probes misses no route. */
		if (ways_is_real(way) || !roster_is_never_asked(roster, i))
			ways->blocks[way]++;
	}
}

void ways_assign(struct ways *ways, const struct roster *roster, struct bw_mono now)
{
	uint32_t before[WAYS_MAX];

	memcpy(before, ways->blocks, sizeof(before));
	count_blocks(ways, roster);
	for (unsigned n = 0; n < WAYS_MAX; n++) {
		struct fitness *fitness = &ways->of[n];

		if (before[n] > 0 || ways->blocks[n] == 0)
			continue;
		if (ways_is_real(n))
			fitness->awake = fitness->begun = now;
		else
			lose_route(fitness, now);
	}
}

int ways_family(const struct ways *ways, unsigned way)
{
	if (ways->egress && ways_is_real(way))
		return ways->egress[way].source.family;
	return way & 1 ? 6 : 4;
}

_Static_assert(WAYS_NO_ROUTE % 2 == 0, "ways_family() takes odd numbers for IPv6");

const char *ways_interface(const struct ways *ways, unsigned way)
{
	return ways->egress && ways_is_real(way) ? ways->egress[way].interface : "";
}

bool ways_any_fit(const struct ways *ways)
{
	bool any = false;

	for (unsigned n = 0; n < WAYS_MAX; n++) {
		if (ways->blocks[n] == 0)
			continue;
		if (!ways->of[n].reasons)
			return true;
		any = true;
	}
	return !any;
}

bool ways_any_blind(const struct ways *ways)
{
	for (unsigned n = 0; ways_is_real(n); n++)
		if (ways->blocks[n] > 0 && ways->of[n].reasons)
			return true;
	return false;
}

void ways_find_blind(struct ways *ways, unsigned way, unsigned reasons)
{
	fitness_find_blind(&ways->of[way], reasons);
	ways->found = true;
}

static bool is_same(const struct bw_egress *a, const struct bw_egress *b)
{
	return a->interface_index == b->interface_index && bw_addr_equal(&a->source, &b->source);
}

void ways_inherit(struct ways *ways, const struct ways *before)
{
	for (unsigned n = 0; ways_is_real(n); n++)
		for (unsigned o = 0; ways_is_real(o) && ways->blocks[n] > 0; o++)
			if (before->blocks[o] > 0 && is_same(&ways->egress[n], &before->egress[o]))
				fitness_inherit(&ways->of[n], &before->of[o]);
	for (unsigned n = WAYS_NO_ROUTE; n < WAYS_MAX; n++)
		if (ways->blocks[n] > 0 && before->blocks[n] > 0)
			ways->of[n].since = before->of[n].since;
}
