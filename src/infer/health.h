/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_HEALTH_H
#define INFER_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "infer/evidence/loss.h"

/*
 * Whether the vantage itself can see, so that the silence of a block means something.
 * It rests on signs of life: validated replies of references, of the default gateway
 * and of blocks. All times are monotonic send times of the probes that were answered.
 */
enum health_source {
	HEALTH_GATEWAY,   /* the vantage's own first hop */
	HEALTH_REFERENCE, /* a host that the user named as a reference */
	HEALTH_BLOCK,     /* a host of a block */
	HEALTH_SOURCES
};

struct health {
	struct bw_mono life[HEALTH_SOURCES]; /* send time of the newest answered probe */
	bool seen[HEALTH_SOURCES];           /* has answered at least once */
	uint64_t captured, dropped;          /* as of the last health_drops() */
	struct loss loss;                    /* of probes to references */
	float missed;                        /* expected replies, since the last sign of life */
	bool drops;                          /* the capture lost too many packets lately */
};

/* No sign of life yet. */
void health_init(struct health *health);

/* A probe sent at SENT to a host of this kind was answered. */
void health_answered(struct health *health, enum health_source source, struct bw_mono sent);

/* A probe that would have been answered with probability EXPECTED was not answered. */
void health_missed(struct health *health, float expected);

/*
 * True when at least 10 expected replies are missing since the last sign of life of
 * anything, and neither gateway nor reference has ever answered: the vantage must be cut off.
 */
bool health_is_deaf(const struct health *health);

/*
 * Takes the capture's counters since its start. When more than 5 % of the packets since the
 * last call were dropped, health_reasons() says capture-dropped until the next call.
 */
void health_drops(struct health *health, uint64_t captured, uint64_t dropped);

/*
 * Why the silence of a block since SINCE proves nothing: a set of enum bw_reason, 0 when the
 * vantage can be trusted. A reference that has never answered proves nothing. Once one has
 * answered, a sign of life of the gateway alone is not enough.
 */
unsigned health_reasons(const struct health *health, struct bw_mono since);

#endif
