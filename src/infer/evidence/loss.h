/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_LOSS_H
#define INFER_LOSS_H

#include <blockwatch/time.h>

/*
 * The present loss on a path: the share of replies that arrive, of those expected from hosts
 * that are up. Counts decay with a half-life of 10 s,
 * unless another is named.
 */
struct loss {
	float expected, replied;
	struct bw_mono counted; /* when the two counts were last updated */
};

/* EXPECTED replies were due, REPLIED arrived. */
void loss_count(struct loss *loss, float expected, float replied, struct bw_mono now);

/* The share that arrives at NOW, 0.1 to 1; near 1 while little is known. */
float loss_delivered(const struct loss *loss, struct bw_mono now);

/*
 * The same for loss that lasts, as on a throttled line: counts decay with a half-life of 20
 * minutes.
 */
void loss_count_lasting(struct loss *loss, float expected, float replied, struct bw_mono now);
float loss_delivered_lasting(const struct loss *loss, struct bw_mono now);

#endif
