/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_COLLECT_CONFIG_H
#define APP_COLLECT_COLLECT_CONFIG_H

#include "app/common/secrets.h"
#include "collect/fleet.h"
#include "conf/collect/collect.h"

/* The configuration of the collector with the files that it names. */
struct collect_config {
	const char *path;
	struct conf_collect conf;
	struct secret *tokens;          /* of the vantages, in their order */
	struct secret read_token;       /* no bytes: anybody may read */
	struct secret certificate, key; /* PEM; no bytes: without TLS */
};

/*
 * Reads all of it. Returns 0; BW_ERR_MISSING or BW_ERR_LIMIT for a file that cannot be read; what
 * conf_collect_parse() returns; BW_ERR_VALUE for a token that is empty, too short, of several
 * lines, or given to two vantages; with the place in the configuration. Call
 * collect_config_fini() in all cases.
 */
int collect_config_read(const char *path, struct collect_config *config, struct bw_err *err);

/* The path of the database. */
const char *collect_config_database(const struct collect_config *config);

/* The vantages, of which there are at most FLEET_MAX; they borrow from the configuration. */
void collect_config_fleet(const struct collect_config *config, struct fleet *fleet);

void collect_config_fini(struct collect_config *config);

#endif
