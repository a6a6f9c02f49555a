/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_COLLECT_CONFIG_H
#define APP_COLLECT_COLLECT_CONFIG_H

#include "app/common/client_secrets.h"
#include "collect/tell/webhooks.h"
#include "conf/collect/collect.h"

/* What one of its webhooks needs beside its keys. */
struct collect_config_webhook {
	char *name;           /* see struct webhook */
	struct secret secret; /* no bytes: not signed */
	const char **targets;
};

/* The configuration of the collector with the files that it names. */
struct collect_config {
	const char *path;
	struct conf_collect conf;
	struct secret *tokens;                   /* of the vantages, in their order */
	struct collect_config_webhook *webhooks; /* in their order */
	struct secret read_token;                /* no bytes: anybody may read */
	struct client_secrets nats;
	struct secret certificate, key; /* PEM; no bytes: without TLS */
};

/*
 * Reads all of it. Returns 0; BW_ERR_MISSING or BW_ERR_LIMIT for a file that cannot be read; what
 * conf_collect_parse() returns; BW_ERR_VALUE for a token or a secret that is empty, too short or of
 * several lines; BW_ERR_OVERLAP for a token of two vantages, or of one and of reading, or a command
 * of two webhooks; BW_ERR_LIMIT for too many webhooks; with the place in the configuration. Call
 * collect_config_fini() in all cases.
 */
int collect_config_read(const char *path, struct collect_config *config, struct bw_err *err);

/* The vantages, of which there are at most FLEET_MAX; they borrow from the configuration. */
void collect_config_fleet(const struct collect_config *config, struct fleet *fleet);

/* The webhooks; they borrow from the configuration. */
void collect_config_webhooks(const struct collect_config *config, struct webhooks *webhooks);

void collect_config_fini(struct collect_config *config);

#endif
