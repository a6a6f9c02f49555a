/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_LAYOUT_H
#define PROBE_SWEEP_LAYOUT_H

#include <blockwatch/method.h>
#include <blockwatch/time.h>

#include "probe/sweep/sweep_order.h"
#include "probe/sweep/sweep_space.h"

/*
 * Which probe is which, by arithmetic. A pass asks every address by every method once; it
 * consists of attempts, of which the first asks all and the others repeat some. The places
 * of an attempt are numbered by a cursor: all addresses in their order by the first
 * method, then all by the next. A place in the whole sweep is attempt * span + cursor.
 * Constant after sweep_new(); all threads read it.
 */
struct sweep_layout {
	const struct sweep_space *space; /* borrowed */
	struct bw_methods methods;
	struct sweep_order order;
	uint64_t span; /* places of an attempt: share * methods */
	uint32_t passes;
	uint32_t attempts; /* of each pass */
};

#define SWEEP_SLOT_NS (16 * BW_S)

uint32_t sweep_layout_pass(const struct sweep_layout *layout, uint32_t attempt);

/* The layer of the marks for a pass and a method. */
uint32_t sweep_layout_layer(const struct sweep_layout *layout, uint32_t pass, unsigned method);

uint64_t sweep_layout_place(const struct sweep_layout *layout, uint32_t attempt, uint64_t cursor);

/* The number of the address at a cursor, and the method. */
uint64_t sweep_layout_number(const struct sweep_layout *layout, uint64_t cursor,
			     unsigned *ret_method);

/* The cursor at which an address is asked by a method; false: another shard asks it. */
bool sweep_layout_find(const struct sweep_layout *layout, uint64_t number, unsigned method,
		       uint64_t *ret_cursor);

/* The index of a method; -1: it is none of the sweep's. */
int sweep_layout_method(const struct sweep_layout *layout, struct bw_method method);

/* The nonce of probes of an attempt: the time slot above, the attempt in the low 32 bits. */
uint64_t sweep_layout_nonce(uint32_t attempt, struct bw_mono at);

#endif
