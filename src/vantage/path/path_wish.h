/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_WISH_H
#define VANTAGE_PATH_WISH_H

#include "probe/trace/tracer.h"
#include "vantage/path/path_units.h"

/* The methods of the roster by which can be traced: the first BW_METHODS_MAX of them. */
struct bw_methods path_wish_methods(const struct roster *roster);

/*
 * The trace that is made next of a unit that is up: to the host of its last trace while that still
 * answers, else to the one that answered last, in the other flow. It is noted in the unit. False:
 * no block of the unit is up.
 */
bool path_wish_learn(struct path_units *units, uint32_t unit, struct trace_wish *ret_wish);

/* The trace that shows where the path to the block of the unit's result ends: backwards. */
struct trace_wish path_wish_seek(const struct path_units *units, uint32_t unit);

#endif
