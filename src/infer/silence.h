/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_SILENCE_H
#define INFER_SILENCE_H

#include <blockwatch/time.h>

/*
 * Until when a dark block was surely dark: the earliest moment at which its outage
 * can have ended. A single silence may be that of a host that went off meanwhile,
 * so the bound is the sending of a silent probe that, with all silent ones after
 * it, weighs SILENCE_SURE. Two sums are enough: it is never more than twice that
 * weight away from the best such moment.
 */
#define SILENCE_SURE 6.0F /* nats: wrong in 0.25 % */

struct silence {
	struct bw_mono sure, next;  /* such moments; the next is not sure yet */
	float next_nats;            /* silence since `next`; 0: there is none */
};

/* Nothing heard nor asked. */
void silence_init(struct silence *silence);

/*
 * A probe sent at SENT, not before those that were added, was not answered; it
 * weighs NATS (positive).
 */
void silence_add(struct silence *silence, struct bw_mono sent, float nats);

#endif
