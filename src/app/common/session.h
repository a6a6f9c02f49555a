/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_PROBING_H
#define APP_PROBING_H

#include <blockwatch/transport.h>

#include "conf/options/common.h"
#include "target/catalog/catalog.h"
#include "vantage/roster.h"

/*
 * What every command that probes needs before the first packet: the targets,
 * who must not be probed, the references, and the ways out. Needs no privilege
 * and sends nothing.
 */
struct probing {
	struct bw_target **targets;
	size_t target_count;
	struct prefix_set *blocklist;
	struct permit permit; /* points to it */
	struct roster roster;
	struct bw_egress egress[BW_EGRESS_MAX];
	uint8_t egress_count;
};

/* A TARGET argument, and the methods in place of its own (NULL or count 0: its own). */
struct probing_target {
	const char *argument;
	const struct bw_methods *methods;
};

/*
 * Reads targets, block lists and references as the options say, and looks up
 * the routes. What will not be probed is said on standard error. Returns 0 or
 * the first error; probing_close() in either case.
 */
int probing_open(struct probing *probing, const struct conf_probing *options,
		 const struct probing_target *targets, size_t count, struct bw_err *err);
void probing_close(struct probing *probing);

#endif
