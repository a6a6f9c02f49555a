/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_SILENCE_H
#define INFER_SILENCE_H

#include <stdint.h>

#include <blockwatch/time.h>

/*
 * Until when a dark block was certainly dark: the earliest moment at which its outage can have
 * ended. A single silent host may have been switched off meanwhile. So the bound is the send
 * time of the last silent probe that weighs SILENCE_SURE together with all silent probes after
 * it. A host that was silent before adds little, because a host that is off usually stays off.
 * Two moments are kept; the bound is never more than twice that weight from the best one.
 */
#define SILENCE_SURE 7.0F  /* nats: wrong in 0.1 % of cases */
#define SILENCE_AGAIN 3.0F /* most nats an hour from hosts that were silent before */

struct silence {
	struct bw_mono sure, next; /* such moments; `next` does not weigh enough yet */
	struct bw_mono before;     /* the one before `sure`: for a path with much loss */
	struct bw_mono last;       /* when the last silent probe was sent */
	struct bw_mono sealed;     /* the same when `sure` weighed enough */
	float next_nats;           /* weight of the silence since `next`; 0: none */
	uint32_t hosts;            /* silent since `next`: a bit each, by host number modulo 32 */
};

/* No silence yet. */
void silence_init(struct silence *silence);

/*
 * A probe to HOST was not answered; its silence weighs NATS (positive). Calls come in the order
 * of SENT.
 */
void silence_add(struct silence *silence, struct bw_mono sent, uint16_t host, float nats);

/*
 * A probe that was sent at T was answered after all, so the outage was over by then: silences from
 * T on bound nothing, nor does a moment that rests on them: `sure` falls back to `before`.
 */
void silence_take_back(struct silence *silence, struct bw_mono t);

#endif
