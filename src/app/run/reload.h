/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_RELOAD_H
#define APP_RUN_RELOAD_H

#include "app/run/current.h"
#include "app/run/sinks.h"
#include "sys/machine/notify.h"

/*
 * A reload (SIGHUP) is all or nothing. Configuration, targets, block lists and routes are
 * read and opened beside those in use. Only when all of this has worked do the sinks get
 * their new options and is the next instance adopted; otherwise everything stays as it was.
 * In both cases a file that was moved away (logrotate) is opened anew.
 */
struct reload {
	const char *path;             /* of the configuration; borrowed */
	struct run_config configs[2]; /* owned: the one in use, and that of a reload */
	struct current *current;      /* borrowed, as what follows */
	struct sinks *sinks;
	struct delivery *delivery;
	const struct notify *notify;
};

/* Takes CONF over, which was read from PATH, as the one in use. */
void reload_init(struct reload *reload, const char *path, struct conf_run *conf);
void reload_fini(struct reload *reload);

/* The configuration in use after reload_init(); its inputs are not read yet. */
struct run_config *reload_config(struct reload *reload);

/* Reloads, and logs how it went. */
void reload_run(struct reload *reload);

#endif
