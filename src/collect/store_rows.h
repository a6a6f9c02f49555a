/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_STORE_ROWS_H
#define COLLECT_STORE_ROWS_H

#include <blockwatch/time.h>

#include <blockwatch/prefix.h>

#include "collect/board/claims.h"
#include "collect/board/outages.h"
#include "collect/seq_set.h"
#include "report/record/record.h"

/* What the collector puts into a database and gets from it (collect/store.h). */

/* One record as it came. */
struct store_record {
	const struct record *record;
	const char *line; /* without its newline */
	size_t length;
	struct bw_wall came; /* when it was received */
};

/* Where a vantage is read to, as one row. */
struct store_vantage {
	const char *name;
	const char *boot; /* of its youngest record; NULL: none yet */
	uint64_t seq;
	struct bw_wall last;     /* its time */
	int64_t clock_offset_ns; /* ours minus the record's at receipt, the smallest seen */
	double round_s;          /* 0: not told */
	bool healthy;
};

/* One claim of one vantage, as one row. */
struct store_claim {
	const char *vantage, *target;
	struct bw_prefix block;
	struct claim claim;
};

/* Which network a block is in, and when that was said, as one row. */
struct store_place {
	const char *target;
	struct bw_prefix network, block;
	int64_t said_ns;
};

/* The conditions of a block as a vantage said last, as one row. */
struct store_conditions {
	const char *vantage, *target;
	struct bw_prefix block;
	int64_t said_ns;
	unsigned conditions; /* set of enum bw_condition */
};

/* When a boot of a vantage was heard of, by the times of its records, as one row. */
struct store_boot {
	const char *vantage, *boot;
	int64_t first_ns, last_ns, ignored_ns, doubled_ns; /* as struct fleet_boot has them */
};

/* A time in which a vantage was heard of (board/heard.h), as one row. */
struct store_heard {
	const char *vantage;
	int64_t from_ns, until_ns;
};

/* What a vantage said of its health, as one row. */
struct store_health {
	const char *vantage;
	int64_t at_ns;
	bool healthy;
};

/* The AS that connects a vantage from FROM on, as one row; 0: not known. */
struct store_upstream {
	const char *vantage;
	int64_t from_ns;
	uint32_t asn;
};

/* Dark takes so many upstream networks from FROM on, as one row. */
struct store_term {
	int64_t from_ns;
	unsigned quorum;
};

/* An outage, as one row. */
struct store_outage {
	uint64_t id;
	const char *target, *subject;
	enum bw_scope scope;
	struct outage outage;
	uint64_t revision;
	bool withdrawn;
	enum bw_onset onset;
	const char *path; /* JSON; NULL: none */
};

/* What is kept of a target or network when old claims are forgotten, as one row. */
struct store_kept {
	const char *target, *subject;
	enum bw_scope scope;
	int64_t until_ns;      /* the end of what is kept: of a target, for all in it */
	const char *intervals; /* follow/follow_kept.c knows the form */
};

/* The last event of a vantage that leads a subject to dark, as one row. */
struct store_dark_event {
	const char *vantage, *target, *subject, *boot;
	enum bw_scope scope;
	uint64_t seq;
	int64_t earliest_ns, latest_ns;
	enum bw_onset onset;
	const char *path; /* JSON; NULL: none */
	unsigned path_rank;
};

/* What was last told of a subject. */
struct store_told {
	const char *target, *subject;
	enum bw_scope scope;
	enum bw_verdict verdict; /* BW_UNKNOWN: nothing */
	uint64_t event;          /* its id; 0: it was no event */
	uint64_t outage;         /* of which it was told to be dark; 0: none */
};

/* A message that waits for a webhook. */
struct store_message {
	uint64_t number;     /* given by the store, in the order in which they are put */
	const char *webhook; /* its name */
	const char *topic;   /* what it is about: a later one of the same topic supersedes it */
	const char *key;     /* the same however often it is sent */
	int64_t time_ns;     /* since when it waits */
	const char *text;
};

/* What was taken of a boot. */
struct store_seen {
	const char *vantage, *boot;
	const struct seq_set *set;
	uint64_t from; /* what was added last begins there; from 1 */
};

/*
 * The hours of a day of one vantage and subject (collect/hourly/hourly_day.h), as one row. The
 * subject of a target is its name, of a network or block its prefix.
 */
struct store_hourly {
	const char *vantage, *target, *subject;
	enum bw_scope scope;
	int64_t day; /* since 1970-01-01 */
	const void *bytes;
	size_t length;
};

/* Records that another collector over the same database has admitted together. */
struct store_admission {
	const char *lines; /* each with its newline */
	size_t length;
	struct bw_wall time; /* when they came to it */
};

#endif
