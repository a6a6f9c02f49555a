/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_MEMORY_H
#define VANTAGE_MEMORY_H

#include <stdio.h>

#include "report/state/state_read.h"
#include "vantage/vantage.h"

/*
 * What a vantage with rounds remembers, to and from the structs of
 * report/state/state.h: over a restart through a file, over a reload through memory.
 */

/* Writes head, blocks, groups and end. BOOTS: starts so far. Returns as the writer. */
int persist_save(const struct vantage *vantage, FILE *file, uint32_t boots, struct bw_err *err);

/*
 * Takes what state_read() hands over. What is not on the roster any more is
 * dropped. HEAD is filled with what was read of it.
 */
struct persist_restore {
	struct vantage *vantage;
	struct bw_now now;
	struct bw_wall saved;
	uint32_t boots, blocks; /* blocks: how many were found again */
};
struct state_handlers persist_handlers(struct persist_restore *restore);

#endif
