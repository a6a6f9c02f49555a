/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_CATALOG_H
#define TARGET_CATALOG_H

#include <blockwatch/target.h>

#include "target/catalog/catalog_path.h"

/*
 * Finds targets. A TARGET argument is, in this order,
 *  1. a prefix, or an address, which is a network and a block of its own;
 *  2. "-", standard input; or a path, when it has a '/' in it, ends in .json or .txt, or is a file
 *     here;
 *  3. a name, in capitals or not: NAME.json or NAME.txt in the directories of the target path, the
 *     first that has it: ./targets, $XDG_CONFIG_HOME/blockwatch/targets (without it
 *     ~/.config/blockwatch/targets), /etc/blockwatch/targets and the installed data directory.
 *     BLOCKWATCH_TARGET_PATH (directories with ':' between) replaces them all.
 */
/*
 * Reads the target that ARGUMENT stands for. Returns 0; BW_ERR_MISSING, with where
 * it was looked for and the nearest name; what bw_prefix_parse(), file_read(),
 * target_parse() and list_parse() say.
 */
int catalog_resolve(const struct catalog *catalog, const char *argument,
		    struct bw_target **ret_target, struct bw_err *err);

/* Reads one file, JSON or list. Returns as catalog_resolve(). */
int catalog_read(const char *path, struct bw_target **ret_target, struct bw_err *err);

#endif
