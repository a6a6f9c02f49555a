/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_BLIND_H
#define INFER_BLIND_H

#include <stdbool.h>
#include <stdint.h>

#include "infer/loss.h"

/*
 * The blind guard: may this vantage call anything dark? It watches signs of
 * life: validated replies of references, of the default gateway, of blocks.
 */
enum blind_source {
	BLIND_GATEWAY,   /* the vantage's own first hop */
	BLIND_REFERENCE, /* a host that the user named for this */
	BLIND_BLOCK,     /* a block that is up */
	BLIND_SOURCES
};

struct blind {
	struct bw_mono life[BLIND_SOURCES]; /* send time of the newest answered probe */
	bool seen[BLIND_SOURCES];
	uint64_t captured, dropped; /* of the transport, at the last blind_drops() */
	struct loss line;           /* of what is asked of references */
	float missed;               /* replies that were expected since the last sign of life */
	bool drops;                 /* more than a share of the captured was lost since the start */
};

void blind_init(struct blind *blind);

/* A probe sent at SENT to such a host was answered. */
void blind_life(struct blind *blind, enum blind_source source, struct bw_mono sent);

/* A probe was not answered to which a reply was expected with the chance EXPECTED. */
void blind_miss(struct blind *blind, float expected);

/*
 * Whether so many replies are missing since the last sign of life of anything that,
 * where neither gateway nor references tell, the vantage itself must be cut off.
 */
bool blind_is_deaf(const struct blind *blind);

/* The capture's counters as they stand now; over 5 % lost in a span: not to be trusted. */
void blind_drops(struct blind *blind, uint64_t captured, uint64_t dropped);

/*
 * Why the silence of a block since SINCE says nothing: a set of enum bw_reason,
 * 0 when the vantage can be trusted. A reference that has never answered
 * proves nothing; one that has, outranks the gateway.
 */
unsigned blind_reasons(const struct blind *blind, struct bw_mono since);

#endif
