/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/reload.h"

#include "app/common/log.h"

void reload_init(struct reload *reload, const char *path, struct conf_run *conf)
{
	*reload = (struct reload){.path = path};
	reload->configs[0].conf = *conf;
	*conf = (struct conf_run){0};
}

static void drop(struct run_config *config)
{
	run_config_fini(config);
	*config = (struct run_config){0};
}

void reload_fini(struct reload *reload)
{
	drop(&reload->configs[0]);
	drop(&reload->configs[1]);
}

struct run_config *reload_config(struct reload *reload)
{
	return &reload->configs[0];
}

static int read_again(const struct reload *reload, struct run_config *config, struct bw_err *err)
{
	int code = conf_run_read(reload->path, &config->conf, err);
	struct flaws flaws = {.logs_all = false};
	const char *key;

	if (code < 0)
		return code;
	key = conf_run_restart_needed(&reload->current->config->conf, &config->conf);
	if (key)
		return bw_err_set(err, BW_ERR_VALUE, "%s can only be changed by a restart", key);
	run_config_read_inputs(config, &flaws);
	return flaws_result(&flaws, err);
}

static void adopt(struct reload *reload, struct run_config *config, struct instance *next)
{
	current_adopt(reload->current, config, next);
	delivery_reload(reload->delivery, &config->conf);
}

/* Sinks and instance become those of CONFIG, or stay as they are. */
static int try_reload(struct reload *reload, struct run_config *config, struct bw_err *err)
{
	struct instance *next = NULL;
	int code = read_again(reload, config, err);

	if (code == 0)
		code = current_prepare(reload->current, config, &next, err);
	if (code == 0)
		code = sinks_reopen(reload->sinks, &config->conf, err);
	if (code == 0)
		adopt(reload, config, next);
	else
		instance_free(next);
	return code;
}

/* After a failure: the former options, and new files in place of those moved away. */
static void reopen_sinks(struct reload *reload)
{
	struct bw_err err;

	if (sinks_reopen(reload->sinks, &reload->current->config->conf, &err) < 0)
		log_error("run", &err);
}

void reload_run(struct reload *reload)
{
	bool first = reload->current->config == &reload->configs[0];
	struct run_config *former = &reload->configs[first ? 0 : 1];
	struct run_config *next = &reload->configs[first ? 1 : 0];
	struct bw_err err;
	char why[1024];

	notify_reloading(reload->notify, reload->current->instance->now.mono);
	if (try_reload(reload, next, &err) < 0) {
		bw_err_format(&err, why, sizeof(why));
		log_warn("run: the reload has failed, all stays as it was: %s", why);
		reopen_sinks(reload);
		drop(next);
	} else {
		drop(former);
		log_warn("run: reloaded");
	}
	notify_ready(reload->notify);
}
