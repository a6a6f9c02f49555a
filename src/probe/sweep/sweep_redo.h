/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_REDO_H
#define PROBE_SWEEP_REDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Places of a sweep whose answers this machine may have lost, as ranges. When there are
 * more than fit, the two nearest are joined, so that some places are asked needlessly and
 * none is left out.
 */
#define SWEEP_REDO_MAX 256

struct sweep_redo {
	struct sweep_redo_range {
		uint64_t first, end; /* END is behind the last */
	} ranges[SWEEP_REDO_MAX];
	size_t count;
};

/* Adds places; FIRST is below END. */
void sweep_redo_add(struct sweep_redo *redo, uint64_t first, uint64_t end);

/* The first place that is listed and not below PLACE; false when there is none. */
bool sweep_redo_next(const struct sweep_redo *redo, uint64_t place, uint64_t *ret_place);

#endif
