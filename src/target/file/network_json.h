/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_NETWORK_JSON_H
#define TARGET_NETWORK_JSON_H

#include <blockwatch/target.h>

#include "json/node.h"

/*
 * The networks of a target file and what is in them. Returns as target_parse()
 * does; a target that is half filled then is freed by bw_target_free().
 */
int network_json_read(const struct node *target_node, struct bw_target *target);

/* "methods" of a target or a host; a node that is not there adds nothing. */
int network_json_methods(const struct node *node, struct bw_methods *methods);

#endif
