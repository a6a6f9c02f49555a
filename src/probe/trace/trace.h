/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACE_H
#define PROBE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/method.h>
#include <blockwatch/time.h>

#include "wire/mpls.h"
#include "wire/reply_kind.h"

/*
 * One traceroute: its hops and how it ended. trace_plan.h says which TTL is probed next,
 * tracer.h sends and receives. A trace has no clock and no packets.
 */
#define TRACE_TTL_MAX 64   /* the highest TTL that a trace can probe */
#define TRACE_TRIES 3      /* probes for one TTL, at most */
#define TRACE_LABELS_MAX 4 /* MPLS labels kept of one hop */

/* A set of TTLs, 1 to TRACE_TTL_MAX. */
#define TRACE_TTL_BIT(ttl) (UINT64_C(1) << ((ttl)-1))

/* What answered at a TTL. The names are those of records. */
#define TRACE_KIND_LIST(X)                                                            \
	X(TRACE_SILENT, "silent")                                                     \
	X(TRACE_TIME_EXCEEDED, "time-exceeded") /* a router: the TTL ran out there */ \
	X(TRACE_REPLY, "reply")                 /* the destination */                 \
	X(TRACE_UNREACHABLE, "unreachable")     /* an ICMP error that ends the way */

enum trace_kind {
#define X(name, text) name,
	TRACE_KIND_LIST(X)
#undef X
};
enum {
#define X(name, text) +1
	TRACE_KINDS = 0 TRACE_KIND_LIST(X),
#undef X
};

/* Why a trace ended. The names are those of records. */
#define TRACE_STOP_LIST(X)                                                               \
	X(TRACE_REACHED, "reached")                                                      \
	X(TRACE_STOP_UNREACHABLE, "unreachable") /* a router says so, or this machine */ \
	X(TRACE_GAP, "gap")                      /* so many TTLs without an answer */    \
	X(TRACE_LOOP, "loop")                                                            \
	X(TRACE_MAX_TTL, "max-ttl")                                                      \
	X(TRACE_NOT_PERMITTED, "not-permitted") /* block list, special-purpose */        \
	X(TRACE_INTERRUPTED, "interrupted")

enum trace_stop {
#define X(name, text) name,
	TRACE_STOP_LIST(X)
#undef X
};
enum {
#define X(name, text) +1
	TRACE_STOPS = 0 TRACE_STOP_LIST(X),
#undef X
};

enum trace_hop_state {
	TRACE_HOP_IDLE,  /* not probed */
	TRACE_HOP_ASKED, /* a probe waits to be sent, or for its answer */
	TRACE_HOP_QUIET, /* no answer to any try, so far */
	TRACE_HOP_KNOWN, /* answered, or taken from the stop set */
};

/* A probe that was sent: what its answer brings back (wire/token.h), and when it left. */
struct trace_try {
	struct bw_mono sent;
	uint32_t brief;
};

/* What is known of one TTL. Of a hop that is not KNOWN, `from` has family 0. */
struct trace_hop {
	struct bw_addr from;
	uint8_t state;           /* enum trace_hop_state */
	uint8_t kind;            /* enum trace_kind */
	uint8_t reply;           /* enum reply_kind of the answer */
	uint8_t icmp_type, code; /* of an ICMP answer; else 0 */
	uint8_t reply_ttl;       /* TTL of the answer */
	uint8_t quoted_ttl;      /* of the probe where it was dropped; 0: nothing quoted */
	uint8_t tries;           /* probes sent for this TTL in this trace */
	uint8_t label_count;
	bool from_stop_set; /* found by an earlier trace of this run */
	int64_t rtt_ns;     /* negative: not known */
	struct mpls_label labels[TRACE_LABELS_MAX];
	struct trace_try tried[TRACE_TRIES];
};

enum trace_phase {
	TRACE_GUESS,    /* one probe with the TTL at which the last destinations were */
	TRACE_ESTIMATE, /* one probe with the highest TTL: who ends the way, and how far is it? */
	TRACE_BETWEEN,  /* the end answers: the hops before it */
	TRACE_OUTWARD,  /* the end is silent: outward until a gap */
	TRACE_LAST,     /* behind a gap: the end once more */
	TRACE_BACKWARD, /* back from the end of a known path (trace_back.h) */
	TRACE_DONE,
};

struct trace {
	struct bw_addr dst;
	struct bw_method method;
	uint32_t subject; /* the caller's */
	uint8_t flow;     /* from 1; constant for all probes of the trace */
	uint8_t egress;
	uint8_t phase;    /* enum trace_phase */
	uint8_t distance; /* estimated TTL of the end; 0: not known */
	uint8_t guess;    /* TTL at which the last destinations were; 0: there is no guess */
	bool full;        /* find each hop anew: without the stop set */
	uint64_t usual;   /* of a backward trace: TTLs at which hops usually answer, as a set */
	uint8_t until;    /* the TTL at which the destination usually is; 0: not backward */
	/* The TTLs that were asked so far, FIRST to HIGH; HIGH 0: none. The estimate is apart. */
	uint8_t first, high;
	/* The result, when phase is TRACE_DONE: */
	uint8_t stop; /* enum trace_stop */
	uint8_t last; /* hops[1] to hops[last] are the way */
	bool reached;
	int status;             /* of the latest probe that could not be sent; 0: none */
	uint32_t sent;          /* probes */
	int64_t rtt_max_ns;     /* of the answers so far */
	struct trace_hop *hops; /* by TTL, from 1; has limits.max_ttl + 1 items */
};

/* What to trace. */
struct trace_wish {
	struct bw_addr dst;
	struct bw_method method; /* one of the config's */
	uint32_t subject;        /* handed back in struct trace */
	uint8_t flow;            /* from 1; traces of one flow and destination take one path */
	uint8_t egress;          /* of the family of DST */
	bool full;               /* find each hop anew, also those in the stop set */
	/*
	 * To trace backwards from the end of a known path: the TTL of the destination, and those
	 * TTLs before it at which hops usually answer, as a set. 0: a trace from the start.
	 */
	uint8_t until;
	uint64_t usual;
};

struct trace_limits {
	uint8_t max_ttl;    /* 1 to TRACE_TTL_MAX */
	uint8_t gap;        /* consecutive silent TTLs that end a trace */
	uint8_t tries;      /* for each TTL, at most TRACE_TRIES */
	bool eager;         /* all TTLs at once: for one trace, which has no others to learn from */
	bool full;          /* find each hop anew in all traces */
	int64_t timeout_ns; /* for the last probe of a TTL */
};

const char *trace_kind_name(unsigned kind); /* "?" for a number that is none */
const char *trace_stop_name(unsigned stop);

/*
 * What a packet that could not be sent, because of STATUS (-errno, BW_ERR_...), means for its
 * trace: the stop, or -1 if another try makes sense.
 */
int trace_stop_of(int status);

/*
 * Makes a new TRACE, zeroed but for its destination, one that WISH asks for. GUESS: the TTL at
 * which its destination may be, below MAX_TTL; 0: nothing is known.
 */
void trace_begin(struct trace *trace, const struct trace_wish *wish, uint8_t max_ttl,
		 uint8_t guess);

/* Asks the hop at TTL unless it was asked before. Returns its bit of the probes to send, or 0. */
uint64_t trace_ask(struct trace *trace, uint8_t ttl);

/* Ends a trace early with what it knows. */
void trace_end(struct trace *trace, enum trace_stop stop);

/* The highest TTL of its way from which time exceeded came; 0: none. */
uint8_t trace_last_passed(const struct trace *trace);

/* How many of its probes were not answered. */
unsigned trace_hop_lost(const struct trace_hop *hop);

/* Whether the hop at TTL is one of the first NEAR, or is met there, too, as in a loop. */
bool trace_hop_is_near(const struct trace *trace, uint8_t ttl, uint8_t near);

/* Whether this hop was probed more often than it answered, while a later one lost less. */
bool trace_hop_is_limited(const struct trace *trace, uint8_t ttl);

#endif
