/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/truth/fault_effect.h"

static bool concerns(const struct faults *faults, const struct fault *fault,
		     const struct fault_query *query)
{
	const struct fault_detail *detail = faults_detail(faults, fault);

	if (detail->vantages && !(detail->vantages >> query->vantage & 1))
		return false;
	return !detail->part.addr.family || bw_prefix_contains(&detail->part, query->addr);
}

static void end_path(struct fault_effect *effect, const struct fault *fault, unsigned hop)
{
	if (effect->ends && effect->hop <= hop)
		return;
	effect->ends = true;
	effect->hop = hop;
	effect->kind = (enum sim_fault_kind)fault->kind;
}

static void add_effect(const struct faults *faults, const struct fault *fault,
		       const struct route *route, struct fault_effect *effect)
{
	const struct fault_detail *detail = faults_detail(faults, fault);
	unsigned hop = route->count;

	if (detail->router != SIM_LAST_ROUTER) {
		hop = paths_hop_of(route, (uint32_t)detail->router);
		if (hop == 0)
			return;
	}
	if (fault->kind != SIM_DEGRADED) {
		end_path(effect, fault, hop);
		return;
	}
	effect->loss.out += detail->loss.out * (1 - effect->loss.out);
	effect->loss.back += detail->loss.back * (1 - effect->loss.back);
	effect->delay_ns += detail->delay_ns;
}

struct fault_effect fault_effect_of(const struct faults *faults, const struct fault_query *query)
{
	struct fault_effect effect = {.ends = false};

	if (faults->list.count == 0)
		return effect;
	for (int scope = faults_first_scope(faults, query->block); scope <= SIM_BLOCK; scope++) {
		struct fault_walk walk = faults_walk(faults, scope, query->block, query->at_ns);
		const struct fault *fault;

		while ((fault = faults_walk_next(&walk))) {
			if (concerns(faults, fault, query))
				add_effect(faults, fault, query->route, &effect);
		}
	}
	return effect;
}
