/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_OUT_OF_RANGE_H
#define INFER_OUT_OF_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether a quantity has left its usual range for several rounds, with hysteresis. Each round adds
 * evidence to a score: one round alone can neither enter nor leave. Times are monotonic seconds, as
 * block_seconds() counts them. 8 bytes.
 */
struct out_of_range {
	uint32_t since_s; /* while out, or while the score is above 0: since when */
	uint16_t turned; /* while out: how long after since_s it turned back, in 16 s; 0: not yet */
	uint8_t score;   /* 0 to OUT_OF_RANGE_FULL */
	uint8_t is_out;
};

#define OUT_OF_RANGE_FULL 200                      /* the score at which it is out */
#define OUT_OF_RANGE_ROUND (OUT_OF_RANGE_FULL / 4) /* a round adds at most so much */
#define OUT_OF_RANGE_BACK (OUT_OF_RANGE_FULL / 2)  /* the score at which it is back */

enum out_of_range_step { OUT_OF_RANGE_SAME, OUT_OF_RANGE_ENTERED, OUT_OF_RANGE_LEFT };

/* A round that began at BEGAN_S and ended at NOW_S adds ADDED to the score, or takes it off. */
enum out_of_range_step out_of_range_round(struct out_of_range *range, int added, uint32_t began_s,
					  uint32_t now_s);

/* When it was back, after a step that has left; not later than NOW_S. */
uint32_t out_of_range_until(const struct out_of_range *range, uint32_t now_s);

/* Nothing is known of it any more: it is in its range, with a score of 0. */
void out_of_range_forget(struct out_of_range *range);

/* Whether that is all that is known of it. */
bool out_of_range_is_calm(const struct out_of_range *range);

#endif
