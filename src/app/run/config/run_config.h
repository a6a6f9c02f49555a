/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_CONFIG_RUN_CONFIG_H
#define APP_RUN_CONFIG_RUN_CONFIG_H

#include <blockwatch/time.h>

#include "app/common/inputs.h"
#include "app/run/config/flaws.h"
#include "conf/run/run.h"
#include "target/tables/address_origins.h"

/*
 * A configuration with the content of all files that it names. It is read at the start and
 * at a reload, and at no other time: an instance for another egress is built from what is in
 * memory.
 */
#define RUN_CONFIG_ALLOW "set \"allow_reserved\": true" /* how special addresses are allowed */

struct run_config {
	struct conf_run conf;
	struct inputs inputs;
	struct address_origins origins; /* of the hops of paths; sealed */
};

/*
 * Reads targets, block lists, references and labels of hops as config->conf names them. Each flaw
 * has the place of the value in the configuration. Call run_config_fini() in both cases. Returns
 * 0 or the code of the first flaw.
 */
int run_config_read_inputs(struct run_config *config, struct flaws *flaws);

/* Logs a warning for each target that is stale (the key stale_after). */
void run_config_warn(const struct run_config *config, struct bw_wall now);

void run_config_fini(struct run_config *config); /* accepts {0} */

#endif
