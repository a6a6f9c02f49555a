/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_EXEMPT_H
#define SIM_SCENARIO_EXEMPT_H

#include <stdbool.h>

#include "sim/scenario/builder.h"

/* The prefixes of a fault whose blocks do not have it, though its subjects have. */
struct exempt {
	struct bw_prefix *list;
	bool *used; /* whether a block of the subjects was within each */
	size_t count;
};

/*
 * Reads those of fault number INDEX of the scenario. Returns 0, or an error with its place in
 * the scenario's file; call exempt_fini() in both cases.
 */
int exempt_init(struct exempt *exempt, struct builder *builder, size_t index);
void exempt_fini(struct exempt *exempt);

/* Whether a block of the subjects does not have the fault. */
bool exempt_has(struct exempt *exempt, const struct bw_prefix *block);

/* Returns 0, or an error for a prefix within which there was no block. */
int exempt_check(const struct exempt *exempt, struct builder *builder, size_t index);

#endif
