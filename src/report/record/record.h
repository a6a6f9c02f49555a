/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/method.h>
#include <blockwatch/prefix.h>
#include <blockwatch/time.h>
#include <blockwatch/verdict.h>

#include "infer/path/path.h"
#include "probe/trace/trace.h"
#include "ship/delivery/failure.h"
#include "ship/spool/spool_type.h"

/*
 * Results as plain structs: what leaves the inference, and what every writer takes (JSON
 * Lines, text, a sink). Strings are borrowed for the call. The fields and their meaning
 * are those of the records in README.md and of record.schema.json.
 *
 * A new type of record has a line in RECORD_TYPE_LIST, a struct in struct record, a
 * function in encode.c and one in decode.c (the switches there ask for them), and its
 * definition in record.schema.json.
 */
#define RECORD_SCHEMA "blockwatch/record/1"

#define RECORD_TYPE_LIST(X)                                                    \
	X(RECORD_BLOCK, "block")                                               \
	X(RECORD_TARGET, "target")                                             \
	X(RECORD_VANTAGE, "vantage")                                           \
	X(RECORD_PROBE, "probe")                                               \
	X(RECORD_SURVEY, "survey")                                             \
	X(RECORD_EVENT, "event")                                               \
	X(RECORD_CONDITION, "condition")                                       \
	X(RECORD_TRACE, "trace")

enum record_type {
#define X(name, text) name,
	RECORD_TYPE_LIST(X)
#undef X
};
enum {
#define X(name, text) +1
	RECORD_TYPES = 0 RECORD_TYPE_LIST(X), /* how many there are */
#undef X
};

/* Of every record; (vantage, boot, seq) identifies it for ever. */
struct record_head {
	const char *vantage;
	const char *boot;
	uint64_t seq; /* from 1, no gaps */
	struct bw_wall time;
};

struct record_block {
	const char *target;
	struct bw_prefix network, block;
	enum bw_verdict verdict;
	double belief;       /* 0..1 that it is up */
	unsigned conditions; /* set of enum bw_condition */
	unsigned reasons;    /* set of enum bw_reason; 0 unless unknown */
	uint32_t listed;     /* not written: listed hosts that were asked; 0: none is listed */
	unsigned parts;      /* of partial: silent quarters (2 bits longer), bit 0 the first */
	struct bw_wall since;
	struct bw_wall silent_since; /* its present silence; ns 0: it answers */
	uint64_t round;
	uint32_t sent, replies; /* in this round */
	int64_t rtt_min_ns, rtt_median_ns, rtt_max_ns; /* -1: no reply */
	double availability; /* of its hosts, 0..1; negative: not known */
	/* Not in the record, for people: */
	const char *network_name;    /* or NULL */
	struct bw_wall last_answer;  /* ns 0: none in this run */
};

/* How many of something stand where; total is their sum. */
struct record_counts {
	uint32_t total;
	uint32_t of[BW_VERDICTS]; /* by enum bw_verdict */
};

/* A hop of a path. */
struct record_place {
	struct bw_addr from;
	uint8_t ttl;  /* 0: not known, nor what else is here */
	uint32_t asn; /* 0: not known */
};

#define RECORD_EXEMPT_MAX 32 /* listed networks that still pass */

/* Where the path to a subject ends, as a trace shows it. */
struct record_path {
	struct record_place last; /* the last hop that answered */
	struct record_place next; /* what the baseline has behind it */
	enum path_kind kind;
	enum path_direction direction;
	struct bw_addr from;    /* who sent the unreachable; family 0: nobody */
	uint32_t shared;        /* dark networks that end there */
	uint32_t exempt_count;  /* at most RECORD_EXEMPT_MAX */
	const struct bw_prefix *exempt; /* networks that still pass behind it */
	const char *text;       /* a sentence for people */
};

struct record_target {
	const char *target, *title; /* title may be NULL */
	enum bw_verdict verdict;
	struct record_counts networks, blocks;
	struct bw_wall since;
	uint64_t round;
	unsigned reasons; /* union of its blocks' reasons, for people */
	const struct record_path *path; /* of a check that traced; NULL: it is left out */
};

#define RECORD_WAYS_MAX 18 /* of a vantage */

/* A way out that blocks are on. */
struct record_way {
	const char *interface; /* "": there is no route, or the interface is not known */
	int family;            /* 4 or 6 */
	bool healthy;
	unsigned reasons; /* set of enum bw_reason; 0 when healthy */
};

/* What waits for a network sink, and how it went. */
struct record_network_sink {
	const char *name;
	uint64_t records, bytes; /* of the backlog */
	double age_s;            /* of its oldest record */
	uint64_t failures[FAILURES];
	struct bw_wall last_success; /* ns 0: none yet */
};

#define RECORD_NETWORK_SINKS_MAX 32 /* of a record; what is more is left out */

/* The spool of `run` and its network sinks. */
struct record_delivery {
	uint64_t records, bytes; /* of the spool */
	double age_s;            /* of its oldest record */
	uint64_t dropped[SPOOL_TYPES];
	const char *error; /* why nothing can be written to it; NULL: it can */
	bool has_clock_offset;
	double clock_offset_s; /* receiver minus vantage */
	const struct record_network_sink *sinks;
	size_t sink_count;
};

struct record_vantage {
	bool healthy;     /* at least one way is */
	unsigned reasons; /* set of enum bw_reason, of all ways; 0 when healthy */
	struct record_way ways[RECORD_WAYS_MAX];
	uint32_t way_count;
	uint64_t sent, received, capture_dropped, send_errors;
	uint64_t rejected; /* packets that failed validation */
	const char *version;
	int64_t round_ns; /* between two such records of a vantage that watches; 0: it checks */
	const struct record_delivery *delivery; /* NULL: there is no spool */
};

/* How an outage compares with what has been learned; days 0: too little is known. */
struct record_unusual {
	double days;         /* of history that this rests on */
	uint32_t outages;    /* confirmed ones in it, before this one */
	double since_last_s; /* since the end of the one before; negative: there was none */
	bool longest;        /* on the way out of dark: it was the longest of all */
	double availability; /* share of the days that it was not dark, 0..1 */
};

#define RECORD_RETURNS_MAX 16 /* in one outage */

/* A short time in an outage in which the subject was back. */
struct record_return {
	struct bw_wall start, end;
};

/* So many of these are dark. */
struct record_part {
	uint32_t dark, total;
};

/* A confirmed change of verdict, or the withdrawal of one. */
struct record_event {
	const char *target;
	enum bw_scope scope;
	const char *subject; /* prefix of the block or network, name of the target */
	enum bw_verdict from, to;
	struct bw_wall detected;
	struct bw_wall earliest, latest; /* bounds of the change; earliest ns 0: not known */
	double confidence;               /* 0..1 */
	uint64_t withdraws;              /* seq of the event that is withdrawn; 0: confirmed */
	enum bw_onset onset;             /* on the way to dark */
	bool has_outage;                 /* on the way out of dark: */
	struct bw_wall outage_start, outage_end;
	int64_t outage_uncertainty_ns; /* the true start is within so much before, the true end
					  within so much before outage_end; the same of returns */
	struct record_return returns[RECORD_RETURNS_MAX];
	unsigned return_count;
	struct record_part networks, blocks; /* of a sum; total 0: there are none */
	struct record_unusual unusual;
	const struct record_path *path; /* NULL: no trace was made */
	/* Not in the record: */
	uint32_t number; /* of the block, network or target in the roster */
};

/* Loss or delay has left its usual range, or is back. */
struct record_condition {
	const char *target;
	enum bw_scope scope;
	const char *subject; /* as that of an event */
	enum bw_range condition;
	struct bw_wall since, until;       /* until ns 0: it lasts */
	double loss_usual, loss_now;       /* shares of probes, 0..1 */
	int64_t rtt_usual_ns, rtt_now_ns;  /* -1: not known */
};

/* One probe and what became of it. */
struct record_probe {
	struct bw_prefix block;
	struct bw_addr host;
	struct bw_method method;
	struct bw_wall sent;
	const char *outcome; /* outcome_name(): "reply", "error", "timeout" */
	/* Of a reply or an error: */
	int64_t rtt_ns;      /* negative: there is none, nor what follows */
	struct bw_addr from; /* family 0: hidden */
	bool hidden;         /* it is a router in the vantage's own network */
	const char *kind;    /* reply_kind_name() */
	uint8_t ttl;
};

/* The end of a survey. */
struct record_survey {
	const char *const *prefixes; /* as they were given: prefixes, files, targets */
	size_t prefix_count;
	const struct bw_methods *methods;
	uint64_t addresses; /* of this shard */
	uint32_t passes, shard, shards; /* shard: from 1 */
	uint64_t sent, again; /* again: of those sent, because answers were lost here */
	uint64_t answered, replies, duplicates, errors, rejected;
	uint64_t capture_dropped, send_errors, refused;
	double hit_rate;   /* answered of the addresses that were asked */
	double lost_share; /* dropped of all frames for us */
	double rate_pps, duration_s;
	uint64_t seed;
	bool complete; /* everybody was asked; not interrupted */
};

/* One TTL of a traceroute. */
struct record_trace_hop {
	struct bw_addr from; /* family 0: silent, or hidden */
	bool hidden;         /* in the vantage's own network (--privacy-ttl): only kind is told */
	bool unasked;        /* no probe was sent for it: it is no hop of the record */
	enum trace_kind kind;
	bool is_icmp;   /* code is that of the ICMP answer */
	uint8_t code;
	uint8_t reply_ttl;  /* of an answer */
	uint8_t quoted_ttl; /* 0: none */
	int64_t rtt_ns;     /* negative: none */
	uint8_t label_count;
	struct mpls_label labels[TRACE_LABELS_MAX];
	uint32_t asn;    /* 0: not known */
	char country[3]; /* "": not known */
	bool from_stop_set;
	/* Not in the record, for people: */
	enum reply_kind reply; /* of an answer */
	uint8_t lost;          /* probes without an answer */
	bool limited;          /* what lies behind it lost fewer */
};

#define RECORD_CHANGES_MAX 8
#define RECORD_USUAL_MAX 2

/* A TTL of a trace where another hop answered than usual, or none. */
struct record_change {
	uint8_t ttl;
	struct bw_addr from; /* family 0: silent */
	uint8_t usual_count;
	struct bw_addr usual[RECORD_USUAL_MAX];
};

/* The end of a traceroute. */
struct record_trace {
	const char *target;
	struct bw_prefix block;
	struct bw_addr destination;
	struct bw_method method;
	uint8_t flow; /* from 1 */
	bool reached;
	enum trace_stop stopped;
	uint32_t sent;
	const struct record_trace_hop *hops; /* by TTL, from 1 */
	uint8_t hop_count;                   /* at most TRACE_TTL_MAX */
	bool has_baseline; /* it was compared with one: */
	uint8_t change_count; /* at most RECORD_CHANGES_MAX */
	const struct record_change *changes;
	uint64_t event;                 /* seq of the event that it follows; 0: none */
	const struct record_path *path; /* of that event, as it is known now; NULL: none */
};

struct record {
	enum record_type type;
	struct record_head head;
	union {
		struct record_block block;
		struct record_target target;
		struct record_vantage vantage;
		struct record_probe probe;
		struct record_survey survey;
		struct record_event event;
		struct record_condition condition;
		struct record_trace trace;
	};
};

/* Whoever takes records: a writer, a view, a test. */
struct record_sink {
	void (*put)(void *self, const struct record *record);
	void *self;
};

#define RECORD_HIDDEN "vantage network" /* in place of a hidden hop's address */

/* Limits of a record as a line of JSON; see report/record/encode.h and decode.h. */
#define RECORD_LINE_MAX 32768  /* bytes, with the newline: a trace of 64 hops with labels */
#define RECORD_PREFIXES_MAX 64 /* of a survey; what is more is left out */
#define RECORD_PREFIX_TEXT 50  /* bytes of each; what is longer is cut */

const char *record_type_name(enum record_type type);

#endif
