/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scenario files: whatever the bytes, no fault; what is refused is refused with a
 * place, and of what is accepted a small world is built without a fault, too.
 */
#include <assert.h>
#include <string.h>

#include "sim/scenario/simulation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BLOCKS_MAX 4096

/* Large worlds are possible, but take their time. */
static bool is_small(const struct scenario *scenario)
{
	uint64_t blocks = 0;

	for (size_t t = 0; t < scenario->target_count; t++) {
		const struct scenario_target *target = &scenario->targets[t];
		struct bw_prefix prefix;

		for (size_t n = 0; n < target->network_count; n++) {
			const struct scenario_network *network = &target->networks[n];
			unsigned length = (unsigned)network->block_length;

			if (bw_prefix_parse(network->prefix, &prefix, NULL) < 0)
				continue;
			if (!length)
				length = prefix.addr.family == 4 ? 24 : 48;
			if (bw_prefix_parts(&prefix, length) > BLOCKS_MAX)
				return false;
			blocks +=
				target->copies * network->count * bw_prefix_parts(&prefix, length);
			if (network->count > BLOCKS_MAX || blocks > BLOCKS_MAX)
				return false;
		}
	}
	return true;
}

/* A fault that comes back every nanosecond is a long list. */
static bool is_short(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->fault_count; i++) {
		const struct scenario_fault *fault = &scenario->faults[i];

		if (fault->every_ns && fault->every_ns < 3600 * BW_S)
			return false;
		if (fault->down_ns && fault->down_ns + fault->up_ns < 60 * BW_S)
			return false;
	}
	return scenario->duration_ns <= 30 * 86400 * BW_S;
}

static void check_scenario(const struct scenario *scenario)
{
	assert(scenario->target_count > 0);
	assert(scenario->duration_ns >= BW_S);
	for (size_t i = 0; i < scenario->fault_count; i++) {
		assert(scenario->faults[i].at.ns >= 0);
		assert(scenario->faults[i].at.ns < scenario->faults[i].until.ns);
		assert(scenario->faults[i].subjects.count > 0);
	}
	for (size_t i = 0; i < scenario->expect_count; i++)
		assert(scenario->expect[i].type >= SCENARIO_EXPECT_EVENT &&
		       scenario->expect[i].type <= SCENARIO_EXPECT_VANTAGE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct scenario *scenario = NULL;
	struct simulation *simulation = NULL;
	struct bw_err err = {0};

	if (scenario_parse((const char *)data, size, "fuzz", &scenario, &err) < 0) {
		assert(err.code < 0 && err.message[0] && strcmp(err.file, "fuzz") == 0);
		return 0;
	}
	check_scenario(scenario);
	if (is_small(scenario) && is_short(scenario)) {
		if (simulation_new(scenario, &(struct simulation_options){NULL, 1}, &simulation,
				   &err) < 0)
			assert(err.code < 0 && err.line > 0 && err.field[0]);
		simulation_free(simulation);
	}
	scenario_free(scenario);
	return 0;
}
