/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/current.h"

#include "app/run/config/run_cost.h"
#include "sys/machine/clock.h"

static struct instance_config config_of(const struct current *current,
					const struct run_config *config)
{
	return (struct instance_config){
		.config = config,
		.boot = current->boot,
		.loop = current->loop,
		.sink = current->sink,
		.first_seq = current->instance ? vantage_seq(current->instance->vantage) : 0,
	};
}

/* Says at a start and at a reload, but not after a change of egress, what is too much or stale. */
static void warn(const struct run_config *config, const struct instance *instance)
{
	struct run_cost cost = run_cost_of(&config->conf, &instance->session.roster);

	run_cost_warn(&config->conf, &cost);
	run_config_warn(config, clock_now().wall);
}

int current_start(struct current *current, struct bw_err *err)
{
	struct instance_config instance = config_of(current, current->config);

	int code = instance_new(&instance, &current->instance, err);

	if (code == 0)
		warn(current->config, current->instance);
	return code;
}

void current_stop(struct current *current)
{
	instance_free(current->instance);
	current->instance = NULL;
}

int current_prepare(const struct current *current, const struct run_config *config,
		    struct instance **ret_next, struct bw_err *err)
{
	struct instance_config instance = config_of(current, config);
	struct instance *next = NULL;
	int code = instance_new(&instance, &next, err);

	if (code == 0)
		code = instance_inherit(next, current->instance, err);
	if (code < 0) {
		instance_free(next);
		return code;
	}
	*ret_next = next;
	return 0;
}

void current_adopt(struct current *current, const struct run_config *config, struct instance *next)
{
	if (config != current->config)
		warn(config, next);
	vantage_flush(current->instance->vantage);
	instance_free(current->instance);
	current->instance = next;
	current->config = config;
}

void current_set_faults(struct current *current, unsigned mask, unsigned faults, struct bw_now now)
{
	current->faults = (current->faults & ~mask) | faults;
	instance_set_faults(current->instance, current->faults, now);
}
