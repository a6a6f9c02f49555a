/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SIMULATE_SIMULATE_WAYS_H
#define APP_SIMULATE_SIMULATE_WAYS_H

#include <stdio.h>

#include "report/record/record.h"

/* Since when the ways out of a simulated vantage are blind, as its records say. All zero: none. */
struct simulate_ways {
	struct simulate_way {
		char interface[16];
		int family; /* 0: not used yet */
		bool blind;
		struct bw_wall since;
	} list[RECORD_WAYS_MAX];
};

/*
 * Takes a record of the vantage. Prints one line for each way that has become blind, with the
 * reasons, and for each that can be judged by again, with the length. Ways have names where there
 * are several.
 */
void simulate_ways_take(struct simulate_ways *ways, const struct record *record, FILE *out);

#endif
