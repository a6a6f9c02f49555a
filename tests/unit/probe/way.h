/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_PROBE_WAY_H
#define TEST_PROBE_WAY_H

#include <blockwatch/prefix.h>

#include "probe/trace/tracer.h"
#include "sample.h"

/*
 * A way for tests of the tracer: a chain of routers and, behind it, all destinations, in
 * virtual time. Each router adds HOP_NS to a round trip.
 */
#define WAY_ROUTERS_MAX 70
#define WAY_FRAMES_MAX 1024
#define WAY_SENT_MAX 8192
#define WAY_TRACES_MAX 300
#define WAY_HOP_NS BW_MS

struct way_frame {
	struct bw_mono at;
	struct sample packet;
};

struct way_sent {
	struct bw_mono at;
	struct bw_addr dst;
	uint8_t ttl;
	uint32_t hashed; /* the first four bytes behind the IP header */
	uint32_t label;  /* IPv6 flow label */
};

/* A trace that is done, with its hops. */
struct way_trace {
	struct trace trace;
	struct trace_hop hops[TRACE_TTL_MAX + 1];
};

struct way {
	/* How the way is. Routers are numbered from 1. */
	unsigned routers;
	bool silent[WAY_ROUTERS_MAX];           /* sends no time exceeded */
	unsigned answers_left[WAY_ROUTERS_MAX]; /* of a router; 0: no limit */
	unsigned cut;                           /* nothing passes this router; 0: none */
	struct bw_prefix exempt;                /* but probes to here; family 0: nothing */
	unsigned refuses;                       /* this router sends the error below; 0: none */
	uint8_t refuse_type, refuse_code;
	unsigned loop_from, loop_to;  /* a packet behind loop_to is at loop_from again; 0: none */
	unsigned back;                /* routers on the way back; 0: as many as out */
	bool dst_silent, dst_expires; /* the destination's router answers with its address */
	uint8_t syn_flags;            /* of the destination's answers to a SYN */
	uint32_t quoted;              /* bytes of a probe that routers quote; 0: all */
	bool nat;                     /* quotes have another source, ICMP id, port, checksum */
	bool mpls;                    /* time exceeded has a label stack (RFC 4950) */
	unsigned lost;                /* so many of the first packets are lost */
	int (*status)(const struct bw_tx *tx); /* of a packet; NULL: 0 */

	/* What is wanted. */
	struct trace_wish wishes[WAY_TRACES_MAX];
	unsigned wish_count, wished;

	/* What happened. */
	struct bw_mono now;
	struct way_frame frames[WAY_FRAMES_MAX];
	unsigned frame_count;
	struct way_sent sent[WAY_SENT_MAX];
	unsigned sent_count;
	struct way_trace *done; /* WAY_TRACES_MAX, by subject */
	unsigned done_count;
	struct tracer_stats stats;
};

/* A way of so many routers; freed with way_free(). */
struct way *way_new(unsigned routers);
void way_free(struct way *way);

/* Wishes a trace of DST by METHOD ("icmp", "tcp:443"); its subject is its number, from 0. */
void way_wish(struct way *way, const char *dst, const char *method, uint8_t flow);

/* The address of a router, in the family of the destination. */
struct bw_addr way_router(unsigned number, int family);

/*
 * The way for a tracer that somebody else drives: its transport; when the next frame arrives,
 * BW_NEVER if none is on the way; and RECEIVE for each that has arrived at way->now.
 */
struct bw_transport way_transport(struct way *way);
struct bw_mono way_next(struct way *way);
void way_deliver(struct way *way, void (*receive)(void *self, const struct bw_rx *rx), void *self);

/* Traces all wishes with these limits and a rate of 1,000 packets a second. */
void way_run(struct way *way, struct trace_limits limits);

/* 30 TTLs, gap 5, 3 tries, eager for one wish. */
struct trace_limits way_limits(const struct way *way);

#endif
