/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SIMULATE_SIMULATE_TEXT_H
#define APP_SIMULATE_SIMULATE_TEXT_H

#include <stdio.h>

#include "report/record/record.h"
#include "sim/scenario/simulation.h"

/* One line for an event of a target, a network, or a block that is not a whole network. */
void simulate_text_event(const struct simulation *simulation, const struct record *record,
			 FILE *out);

/* The sentence with which it begins: what is simulated. */
void simulate_text_begin(const struct simulation *simulation, struct bw_mono end, FILE *out);

#endif
