/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_SCORE_TEXT_H
#define SIM_SCORE_SCORE_TEXT_H

#include <stdio.h>

#include "sim/score/score.h"

/* The score as text, in lines of at most 80 columns. */
void score_text_print(const struct score_sum *sum, FILE *out);

/* Prints which limits of the scenario the score exceeds. Returns how many. */
unsigned score_text_check(const struct score_sum *sum, const struct scenario_limits *limits,
			  FILE *out);

#endif
