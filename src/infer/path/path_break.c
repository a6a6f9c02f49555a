/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/path/path_break.h"

static struct path_place place(const struct path *path, uint8_t ttl)
{
	return ttl == 0 ? (struct path_place){.ttl = 0}
			: (struct path_place){path->hops[ttl].from, ttl};
}

/* Of hops that repeat, the last one that is where the baseline has it; else the first hop of all
 * that comes again. */
static uint8_t last_before_loop(const struct path *path, const struct baseline *baseline,
				const struct hop_table *table)
{
	for (uint8_t ttl = path->end; ttl > 0; ttl--)
		if (path->hops[ttl].answer == PATH_PASSED &&
		    baseline_has(baseline, ttl, hop_table_find(table, &path->hops[ttl].from)))
			return ttl;
	for (uint8_t ttl = 1; ttl < path->end; ttl++)
		for (uint8_t again = ttl + 1; again <= path->end; again++)
			if (path->hops[ttl].answer == PATH_PASSED &&
			    bw_addr_equal(&path->hops[ttl].from, &path->hops[again].from))
				return ttl;
	return path_last_passed(path, path->end);
}

/* What the baseline has behind the hop LAST, wherever it has that. */
static struct path_place find_next(const struct path *path, const struct path_place *last,
				   const struct baseline *baseline, const struct hop_table *table)
{
	uint8_t ttl = 0;

	if (baseline->end == 0)
		return (struct path_place){.ttl = 0};
	if (last->ttl > 0) {
		uint32_t hop = hop_table_find(table, &last->from);

		ttl = baseline_has(baseline, last->ttl, hop) ? last->ttl
							     : baseline_find(baseline, hop);
		if (hop == HOP_NONE || ttl == 0)
			return (struct path_place){.ttl = 0};
	}
	for (ttl++; ttl < baseline->end; ttl++) {
		const struct baseline_hop *usual = baseline_usual(baseline, ttl);

		if (usual)
			return (struct path_place){*hop_table_addr(table, usual->hop), ttl};
	}
	return (struct path_place){path->destination, baseline->end};
}

/* The only hop of the baseline at TTL, if it usually answers; NULL: there is none, or several. */
static const struct baseline_hop *only_hop(const struct baseline *baseline, uint8_t ttl)
{
	const struct baseline_hop *usual = baseline_usual(baseline, ttl);

	for (unsigned n = 0; usual && n < baseline->count; n++)
		if (baseline->hops[n].ttl == ttl && &baseline->hops[n] != usual)
			return NULL;
	return usual;
}

/*
 * The last hop before the one that refuses. Where that has its usual place, the probe has come
 * by the usual hop before it, although its time exceeded may be lost.
 */
static struct path_place last_before_refusal(const struct path *path, uint8_t refusal,
					     const struct baseline *baseline,
					     const struct hop_table *table)
{
	uint8_t passed = path_last_passed(path, refusal);
	uint32_t sender = hop_table_find(table, &path->hops[refusal].from);
	uint8_t ttl = sender == HOP_NONE ? 0 : baseline_find(baseline, sender);

	if (ttl > refusal)
		ttl = 0;
	while (ttl-- > passed + 1U) {
		const struct baseline_hop *usual = only_hop(baseline, ttl);

		if (usual)
			return (struct path_place){*hop_table_addr(table, usual->hop), ttl};
	}
	return place(path, passed);
}

/* Whether PATH ends within the first OWN_HOPS. A refusal from behind the last hop came further. */
static bool ends_within(const struct path_break *found, uint8_t own_hops)
{
	bool refused_behind = found->refused_by.family != 0 &&
			      !bw_addr_equal(&found->refused_by, &found->last.from);

	return found->last.ttl + refused_behind <= own_hops;
}

struct path_break path_break_find(const struct path *path, const struct baseline *baseline,
				  const struct hop_table *table, uint8_t own_hops)
{
	struct path_break found = {.kind = PATH_KIND_UNKNOWN};
	uint8_t refusal = path_first_refusal(path);

	if (path->reached) {
		found.kind = PATH_KIND_REACHED;
		found.last = place(path, path->end);
		return found;
	}
	if (!path->completed)
		return found;
	if (refusal) {
		found.kind = path->hops[refusal].refusal;
		found.refused_by = path->hops[refusal].from;
		found.last = last_before_refusal(path, refusal, baseline, table);
	} else if (path->loops) {
		found.kind = PATH_KIND_LOOP;
		found.last = place(path, last_before_loop(path, baseline, table));
	} else {
		found.kind = PATH_KIND_SILENT;
		found.last = place(path, path_last_passed(path, path->end));
	}
	found.direction = refusal || path->loops ? PATH_DIRECTION_FORWARD : PATH_DIRECTION_UNKNOWN;
	found.next = find_next(path, &found.last, baseline, table);
	found.is_own = ends_within(&found, own_hops);
	found.blames_vantage =
		found.is_own && own_hops < PATH_TTL_MAX && baseline_ttls(baseline) >> own_hops != 0;
	return found;
}
