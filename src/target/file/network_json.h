/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_NETWORK_JSON_H
#define TARGET_NETWORK_JSON_H

#include <blockwatch/target.h>

#include "json/node.h"

/*
 * Reads the networks of a target file with their hosts into TARGET. Returns as
 * target_parse(); after an error bw_target_free() frees the partly filled target.
 */
int network_json_read(const struct node *target_node, struct bw_target *target);

/* Reads "methods" of a target or a host; a node that does not exist adds nothing. */
int network_json_methods(const struct node *node, struct bw_methods *methods);

#endif
