/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_SILENCE_H
#define INFER_SILENCE_H

#include <stdint.h>

#include <blockwatch/time.h>

/*
 * Until when a dark block was surely dark: the earliest moment at which its outage
 * can have ended. A single silence may be that of a host that went off meanwhile,
 * so the bound is the sending of a silent probe that, with all silent ones after
 * it, weighs SILENCE_SURE; a host that was silent before adds little, because who is
 * off mostly stays off, however often it is asked. Two moments
 * are enough: the bound is never more than twice that weight away from the best.
 */
#define SILENCE_SURE 6.0F  /* nats: wrong in 0.25 % */
#define SILENCE_AGAIN 3.0F /* nats an hour, at most, of hosts that were silent before */

struct silence {
	struct bw_mono sure, next; /* such moments; the next is not sure yet */
	struct bw_mono before;     /* the last that was sure before: for a line that loses much */
	struct bw_mono last;       /* when the last one was sent */
	float next_nats;           /* silence since `next`; 0: there is none */
	uint32_t hosts;            /* who was silent since then: a bit each, by number */
};

/* Nothing heard nor asked. */
void silence_init(struct silence *silence);

/*
 * A probe sent to HOST at SENT, not before those that were added, was not answered;
 * it weighs NATS (positive).
 */
void silence_add(struct silence *silence, struct bw_mono sent, uint16_t host, float nats);

#endif
