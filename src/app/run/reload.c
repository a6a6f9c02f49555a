/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/reload.h"

#include "app/common/log.h"

void reload_init(struct reload *reload, const char *path, struct conf_run *conf)
{
	*reload = (struct reload){.path = path};
	reload->confs[0] = *conf;
	*conf = (struct conf_run){0};
}

static void drop(struct conf_run *conf)
{
	conf_run_fini(conf);
	*conf = (struct conf_run){0};
}

void reload_fini(struct reload *reload)
{
	drop(&reload->confs[0]);
	drop(&reload->confs[1]);
}

const struct conf_run *reload_conf(const struct reload *reload)
{
	return &reload->confs[0];
}

static int read_again(const struct reload *reload, struct conf_run *conf, struct bw_err *err)
{
	int code = conf_run_read(reload->path, conf, err);
	const char *key;

	if (code < 0)
		return code;
	key = conf_run_restart_needed(reload->current->conf, conf);
	if (key)
		return bw_err_set(err, BW_ERR_VALUE, "%s can only be changed by a restart", key);
	return 0;
}

/* Sinks and instance become those of CONF, or stay as they are. */
static int try_reload(struct reload *reload, struct conf_run *conf, struct bw_err *err)
{
	struct instance *next = NULL;
	struct bw_err ignored;
	int code = read_again(reload, conf, err);

	if (code == 0)
		code = current_prepare(reload->current, conf, &next, err);
	if (code < 0)
		return code;
	code = sinks_reopen(reload->sinks, conf, err);
	if (code == 0) {
		current_adopt(reload->current, conf, next);
		return 0;
	}
	(void)sinks_reopen(reload->sinks, reload->current->conf, &ignored);
	instance_free(next);
	return code;
}

void reload_run(struct reload *reload)
{
	bool first = reload->current->conf == &reload->confs[0];
	struct conf_run *former = &reload->confs[first ? 0 : 1];
	struct conf_run *next = &reload->confs[first ? 1 : 0];
	struct bw_err err;
	char why[1024];

	notify_reloading(reload->notify, reload->current->instance->now.mono);
	if (try_reload(reload, next, &err) < 0) {
		bw_err_format(&err, why, sizeof(why));
		log_warn("run: the reload has failed, all stays as it was: %s", why);
		drop(next);
	} else {
		drop(former);
		log_warn("run: reloaded");
	}
	notify_ready(reload->notify);
}
