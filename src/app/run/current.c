/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/current.h"

static struct instance_config config_of(const struct current *current, const struct conf_run *conf)
{
	return (struct instance_config){
		.conf = conf,
		.boot = current->boot,
		.loop = current->loop,
		.sink = current->sink,
		.first_seq = current->instance ? vantage_seq(current->instance->vantage) : 0,
	};
}

int current_start(struct current *current, struct bw_err *err)
{
	struct instance_config config = config_of(current, current->conf);

	return instance_new(&config, &current->instance, err);
}

void current_stop(struct current *current)
{
	instance_free(current->instance);
	current->instance = NULL;
}

int current_prepare(const struct current *current, const struct conf_run *conf,
		    struct instance **ret_next, struct bw_err *err)
{
	struct instance_config config = config_of(current, conf);
	struct instance *next = NULL;
	int code = instance_new(&config, &next, err);

	if (code == 0)
		code = instance_inherit(next, current->instance, err);
	if (code < 0) {
		instance_free(next);
		return code;
	}
	*ret_next = next;
	return 0;
}

void current_adopt(struct current *current, const struct conf_run *conf, struct instance *next)
{
	instance_free(current->instance);
	current->instance = next;
	current->conf = conf;
}

void current_set_faults(struct current *current, unsigned mask, unsigned faults, struct bw_now now)
{
	current->faults = (current->faults & ~mask) | faults;
	vantage_blind(current->instance->vantage, current->faults, now);
}
