/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_BLIND_H
#define INFER_BLIND_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

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
	float expected, replied;    /* of hosts that are there, lately: replies expected and got */
	struct bw_mono counted;     /* when these two were last moved */
	bool drops;                 /* more than a share of the captured was lost since the start */
};

void blind_init(struct blind *blind);

/* A probe sent at SENT to such a host was answered. */
void blind_life(struct blind *blind, enum blind_source source, struct bw_mono sent);

/* The capture's counters as they stand now; over 5 % lost in a span: not to be trusted. */
void blind_drops(struct blind *blind, uint64_t captured, uint64_t dropped);

/*
 * Of probes to hosts that are there, so many replies were expected and so many
 * came. What was counted before fades with a half-life of 10 s.
 */
void blind_count(struct blind *blind, float expected, float replied, struct bw_mono now);

/* The share of expected replies that arrives, 0.1 to 1; 1 while little is known. */
float blind_quality(const struct blind *blind);

/*
 * Why the silence of a block since SINCE says nothing: a set of enum bw_reason,
 * 0 when the vantage can be trusted. A reference that has never answered
 * proves nothing; one that has, outranks the gateway.
 */
unsigned blind_reasons(const struct blind *blind, struct bw_mono since);

#endif
