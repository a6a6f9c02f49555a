/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scenario/build_restarts.h"

#include <errno.h>
#include <stdlib.h>

#define RESTARTS_MAX 10000

bool build_restarts_is(const struct scenario_vantage_fault *fault)
{
	return fault->kind == SCENARIO_RESTART || fault->kind == SCENARIO_RELOAD;
}

static int compare(const void *a, const void *b)
{
	int64_t left = ((const struct simulation_restart *)a)->at.ns;
	int64_t right = ((const struct simulation_restart *)b)->at.ns;

	return (left > right) - (left < right);
}

static int add(struct simulation *simulation, const struct simulation_restart *restart)
{
	size_t count = simulation->restart_count + 1;
	struct simulation_restart *list =
		reallocarray(simulation->restarts, count, sizeof(*simulation->restarts));

	if (!list)
		return -ENOMEM;
	simulation->restarts = list;
	list[simulation->restart_count++] = *restart;
	return 0;
}

static int add_repeated(struct builder *builder, size_t index)
{
	const struct scenario_vantage_fault *from = &builder->scenario->vantage_faults[index];
	struct simulation_restart restart = {{from->at.ns},
					     {from->until.ns},
					     from->kind == SCENARIO_RELOAD};

	if (restart.is_reload && (from->length.text || from->until.text)) {
		bw_err_set(builder->err, BW_ERR_VALUE, "a reload takes no time");
		return scenario_blame(builder->scenario, builder->err, "vantage_faults[%zu].%s",
				      index, from->length.text ? "for" : "until");
	}
	do {
		if (builder->simulation->restart_count >= RESTARTS_MAX) {
			bw_err_set(builder->err, BW_ERR_LIMIT, "more than %d restarts",
				   RESTARTS_MAX);
			return scenario_blame(builder->scenario, builder->err,
					      "vantage_faults[%zu]", index);
		}
		if (add(builder->simulation, &restart) < 0)
			return bw_err_set(builder->err, -ENOMEM, "out of memory");
		restart.at.ns += from->every_ns;
		restart.until.ns += from->every_ns;
	} while (from->every_ns && restart.at.ns < builder->scenario->duration_ns);
	return 0;
}

int build_restarts(struct builder *builder)
{
	const struct scenario *s = builder->scenario;
	struct simulation *simulation = builder->simulation;
	int rc = 0;

	for (size_t i = 0; i < s->vantage_fault_count && rc == 0; i++)
		if (build_restarts_is(&s->vantage_faults[i]))
			rc = add_repeated(builder, i);
	if (simulation->restart_count > 1)
		qsort(simulation->restarts, simulation->restart_count,
		      sizeof(*simulation->restarts), compare);
	return rc;
}
