/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SIMULATE_SIMULATE_TEXT_H
#define APP_SIMULATE_SIMULATE_TEXT_H

#include <stdio.h>

#include "report/record/record.h"
#include "sim/scenario/simulation.h"

/*
 * Prints one line for the event of a target, of a network, or of a block. A block that is a
 * whole network has no line of its own.
 */
void simulate_text_event(const struct simulation *simulation, const struct record *record,
			 FILE *out);

/* Prints what is simulated, until END. To be called before the first event. */
void simulate_text_begin(const struct simulation *simulation, struct bw_mono end, FILE *out);

#endif
