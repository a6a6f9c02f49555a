/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_LOSS_H
#define INFER_LOSS_H

#include <blockwatch/time.h>

/*
 * How good a line is just now: of the replies that were expected from hosts that
 * are there, the share that came. What was counted before fades with a half-life
 * of 10 s.
 */
struct loss {
	float expected, replied;
	struct bw_mono counted; /* when these two were last moved */
};

/* So many replies were expected and so many came. */
void loss_count(struct loss *loss, float expected, float replied, struct bw_mono now);

/* The share at NOW, 0.1 to 1; near 1 while little is known. */
float loss_delivered(const struct loss *loss, struct bw_mono now);

#endif
