/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SIMULATE_SIMULATE_TEXT_H
#define APP_SIMULATE_SIMULATE_TEXT_H

#include <stdio.h>

#include "app/common/local_time.h"
#include "report/record/record.h"
#include "sim/scenario/simulation.h"

/* Prints a time up to its seconds. */
void simulate_text_time(struct bw_wall time, FILE *out);

/*
 * Prints one line for the event of a target, of a network, or of a block. A block that is a
 * whole network has no line of its own. Where the target names a time zone, LOCAL has it, and
 * local time stands beside UTC.
 */
void simulate_text_event(const struct simulation *simulation, const struct local_time *local,
			 const struct record *record, FILE *out);

/* The same for the record of a condition. */
void simulate_text_condition(const struct simulation *simulation, const struct record *record,
			     FILE *out);

/* Prints what is simulated, until END. To be called before the first event. */
void simulate_text_begin(const struct simulation *simulation, struct bw_mono end, FILE *out);

#endif
