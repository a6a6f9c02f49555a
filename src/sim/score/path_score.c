/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/score/path_score.h"

/* Where the way of the vantage to a block ends; false: it does not. */
static bool find_end(const struct simulation *simulation, uint32_t block, struct bw_mono at,
		     struct sim_way_end *ret_end)
{
	struct bw_prefix prefix = sim_world_prefix(simulation->world, block);
	struct bw_addr host = bw_addr_add(&prefix.addr, 2);

	return sim_world_way_end(simulation->world, 0, &host, at, ret_end) && ret_end->ends;
}

static bool has_addr(const struct sim_way_hop *hop, const struct bw_addr *addr)
{
	for (unsigned i = 0; i < hop->count; i++)
		if (bw_addr_equal(&hop->addrs[i], addr))
			return true;
	return false;
}

/* Whether a fault of this kind can show as KIND. */
static bool suits(enum sim_fault_kind fault, enum path_kind kind)
{
	switch (fault) {
	case SIM_SILENT:
		return kind == PATH_KIND_SILENT;
	case SIM_UNREACHABLE:
		return kind == PATH_KIND_NET_UNREACHABLE || kind == PATH_KIND_HOST_UNREACHABLE;
	case SIM_PROHIBITED:
		return kind == PATH_KIND_PROHIBITED;
	case SIM_LOOP:
		return kind == PATH_KIND_LOOP;
	case SIM_DEGRADED:
		break;
	}
	return false;
}

/* Whether a way that ends so has the end that PATH states. */
static bool agrees(const struct record_path *path, const struct sim_way_end *end)
{
	if (!suits(end->kind, path->kind))
		return false;
	if (end->kind == SIM_LOOP)
		return true;
	return end->last.ttl == 0 ? path->last.ttl == 0 : has_addr(&end->last, &path->last.from);
}

/* Counts the networks of a subject of which a block's way ends as PATH states. */
static uint32_t count_agreeing(const struct simulation *simulation, const struct record_path *path,
			       struct path_subject subject, struct bw_mono at)
{
	uint32_t count = 0, counted = UINT32_MAX;

	for (uint32_t b = subject.first; b < subject.first + subject.count; b++) {
		uint32_t network = sim_world_network(simulation->world, b);
		struct sim_way_end end;

		if (network == counted || !find_end(simulation, b, at, &end) || !agrees(path, &end))
			continue;
		counted = network;
		count++;
	}
	return count;
}

/* Whether nothing that is listed as exempt is cut off as a whole. */
static bool is_exempt(const struct simulation *simulation, const struct record_path *path,
		      struct path_subject subject, struct bw_mono at)
{
	for (uint32_t i = 0; i < path->exempt_count; i++) {
		uint32_t cut = 0, blocks = 0;

		for (uint32_t b = subject.first; b < subject.first + subject.count; b++) {
			struct bw_prefix prefix = sim_world_prefix(simulation->world, b);
			struct sim_way_end end;

			if (!bw_prefix_covers(&path->exempt[i], &prefix))
				continue;
			blocks++;
			cut += find_end(simulation, b, at, &end);
		}
		if (cut == blocks)
			return false;
	}
	return true;
}

static bool is_right(const struct simulation *simulation, const struct record_event *event,
		     struct path_subject subject, struct bw_mono at)
{
	const struct record_path *path = event->path;
	uint32_t agreeing = count_agreeing(simulation, path, subject, at);

	if (agreeing == 0)
		return false;
	return event->scope != BW_SCOPE_TARGET ||
	       (path->shared <= agreeing && is_exempt(simulation, path, subject, at));
}

void path_score_take(struct path_score *score, const struct simulation *simulation,
		     const struct record_event *event, struct path_subject subject,
		     struct bw_mono now)
{
	const struct record_path *path = event->path;
	struct bw_mono at =
		bw_mono_add(now, event->detected.ns - sim_world_wall(simulation->world, 0, now).ns);

	if ((event->to != BW_DARK && event->to != BW_PARTLY_DARK && event->to != BW_FLAPPING) ||
	    event->from == BW_DARK || event->withdraws)
		return;
	score->events++;
	if (!path || path->kind == PATH_KIND_UNKNOWN || path->kind == PATH_KIND_REACHED) {
		score->open++;
		return;
	}
	score->told++;
	/* The fault may be over by now, or between two down times. */
	score->wrong += !is_right(simulation, event, subject, at) &&
			!is_right(simulation, event, subject, now);
}
