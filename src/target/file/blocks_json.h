/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BLOCKS_JSON_H
#define TARGET_BLOCKS_JSON_H

#include <blockwatch/target.h>

#include "json/node.h"

/*
 * Reads "blocks" of a network: the blocks that are watched, where not all of them are. Prefix and
 * block length of the network are known. Returns as target_parse().
 */
int blocks_json_read(const struct node *network_node, struct bw_network *network);

/* Refuses a host in a block that is not watched, because nobody would probe it. */
int blocks_json_check_hosts(const struct node *network_node, const struct bw_network *network);

#endif
