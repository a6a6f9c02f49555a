/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "sim/world/inside.h"
#include "sim/truth/chance.h"

static const struct sim_vantage_fault *fault_at(const struct vantage *vantage, uint32_t n)
{
	return (const struct sim_vantage_fault *)array_at(&vantage->faults, n);
}

/* Remembers how long before and after AT there is no fault, when there is none at AT. */
static void find_calm(struct vantage *vantage, int64_t at_ns)
{
	int64_t from = INT64_MIN, to = INT64_MAX;

	for (uint32_t i = 0; i < vantage->faults.count; i++) {
		const struct sim_vantage_fault *fault = fault_at(vantage, i);

		if (fault->kind == SIM_CLOCK_STEP)
			continue;
		if (fault->start.ns <= at_ns && at_ns < fault->end.ns)
			return;
		if (fault->end.ns <= at_ns && fault->end.ns > from)
			from = fault->end.ns;
		if (fault->start.ns > at_ns && fault->start.ns < to)
			to = fault->start.ns;
	}
	vantage->calm_from_ns = from;
	vantage->calm_to_ns = to;
}

const struct sim_vantage_fault *vantage_fault(struct vantage *vantage,
					      enum sim_vantage_fault_kind kind, int64_t at_ns)
{
	if (at_ns >= vantage->calm_from_ns && at_ns < vantage->calm_to_ns)
		return NULL;
	for (uint32_t i = 0; i < vantage->faults.count; i++) {
		const struct sim_vantage_fault *fault = fault_at(vantage, i);

		if (fault->kind == kind && fault->start.ns <= at_ns && at_ns < fault->end.ns)
			return fault;
	}
	find_calm(vantage, at_ns);
	return NULL;
}

bool vantage_admits(struct vantage *vantage, const struct arrival *arrival)
{
	const struct sim_vantage_fault *drop;
	int64_t at = arrival->at.ns;

	if (vantage_fault(vantage, SIM_SUSPENDED, at) || vantage_fault(vantage, SIM_LAN_CUT, at))
		return false;
	if (!arrival->lan && vantage_fault(vantage, SIM_UPLINK_CUT, at))
		return false;
	drop = vantage_fault(vantage, SIM_CAPTURE_DROP, at);
	if (drop && chance_hit(&vantage->luck, drop->share)) {
		vantage->stats.capture_dropped++;
		return false;
	}
	vantage->stats.received++;
	return true;
}

static size_t send_batch(void *self, struct bw_tx *batch, size_t count)
{
	struct vantage *vantage = self;
	int64_t now = vantage->world->now.ns;
	const struct sim_vantage_fault *error = vantage_fault(vantage, SIM_SEND_ERROR, now);

	assert(vantage->world->sealed);
	if (vantage_fault(vantage, SIM_SEND_BUSY, now))
		return 0;
	for (size_t i = 0; i < count; i++) {
		batch[i].sent = vantage->world->now;
		batch[i].status = error ? error->status : 0;
		if (error) {
			vantage->stats.send_errors++;
			continue;
		}
		vantage->stats.sent++;
		exchange_run(vantage, batch[i].bytes, batch[i].length);
	}
	return count;
}

static void read_stats(void *self, struct bw_transport_stats *ret_stats)
{
	const struct vantage *vantage = self;

	*ret_stats = vantage->stats;
}

const struct bw_transport_ops vantage_transport_ops = {
	.send = send_batch,
	.stats = read_stats,
};

struct bw_wall sim_world_wall(const struct sim_world *world, unsigned vantage, struct bw_mono at)
{
	const struct vantage *v = world->vantages[vantage];
	struct bw_wall wall = {world->config.start.ns + at.ns};

	for (uint32_t i = 0; i < v->faults.count; i++) {
		const struct sim_vantage_fault *fault = fault_at(v, i);

		if (fault->kind == SIM_CLOCK_STEP && fault->start.ns <= at.ns)
			wall.ns += fault->step_ns;
	}
	return wall;
}

struct bw_mono sim_world_awake(const struct sim_world *world, unsigned vantage, struct bw_mono at)
{
	const struct sim_vantage_fault *sleep;

	while ((sleep = vantage_fault(world->vantages[vantage], SIM_SUSPENDED, at.ns)))
		at = sleep->end;
	return at;
}
