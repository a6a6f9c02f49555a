/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_PERSIST_H
#define VANTAGE_PATH_PERSIST_H

#include "report/state/state_write.h"
#include "vantage/path/path_units.h"

/*
 * Baselines, to and from the structs of report/state: over a restart and over a reload. A path is
 * saved with the address that its last trace went to, and restored to the unit that has this
 * address now. Numbers of blocks, of hosts and of hops may be others then.
 */

/* How many units have a baseline, and writes that many paths. Failures stay in the writer. */
uint32_t path_persist_count(const struct path_units *units);
void path_persist_save(const struct path_units *units, struct state_writer *writer);

/*
 * Gives STATE to its unit. Returns the number of the unit; UINT32_MAX if no unit has the address,
 * or the unit has a later baseline.
 */
uint32_t path_persist_take(struct path_units *units, const struct state_path *state,
			   struct bw_now now);

#endif
