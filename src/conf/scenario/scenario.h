/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_SCENARIO_SCENARIO_H
#define CONF_SCENARIO_SCENARIO_H

#include <stdio.h>

#include <blockwatch/method.h>
#include <blockwatch/time.h>

#include "conf/options/options.h"

/*
 * A scenario as it is written in its file: plain values, each checked by itself. Whether
 * they make a possible world is checked when the world is built; an error found then gets
 * its place with scenario_blame().
 *
 * Moments (`at`, `until`, `between`) are nanoseconds from the start; in the file
 * they are durations ("2h30m") or wall times (RFC 3339). Lists belong to the
 * scenario. Chances and shares are from 0 to 1. Of choices 0 is none, else 1 + index.
 */
#define SCENARIO_SCHEMA "blockwatch/scenario/1"
#define SCENARIO_NOT_GIVEN INT64_MIN /* a moment or length that is not in the file */

struct scenario;

/* Each struct in a list begins with its place (a struct keys_place). */
struct scenario_place {
	const char *file;
	int line, column;
};

struct scenario_text {
	struct scenario_place place;
	const char *text;
};
struct scenario_texts {
	const struct scenario_text *list;
	size_t count;
};

/* A moment as text and, when the scenario has been read, as number. */
struct scenario_time {
	const char *text; /* NULL: not given */
	int64_t ns;       /* SCENARIO_NOT_GIVEN then */
};

struct scenario_link {
	double loss;
	double burst_loss;
	int64_t good_ns, bad_ns;
	double scheduled_loss;
	int64_t first_ns, period_ns, length_ns;
};

struct scenario_impairment {
	double duplicate;
	uint64_t copies;
	double late;
	int64_t late_min_ns, late_max_ns;
	double replayed;
	int64_t replay_min_ns, replay_max_ns;
	double alias, corrupt;
};

/* How the blocks of a kind and the way to them behave. */
struct scenario_profile {
	struct scenario_place place;
	const char *name;
	int64_t rtt_ns, spread_ns, tail_ns;
	double sigma, host_sigma;
	struct scenario_link link;
	struct scenario_impairment impairment;
	double limit_pps, limit_burst;
	bool border, proxy, unreachables;
	int64_t renumber_ns;
};

struct scenario_rest {
	double share, from_hour, to_hour, jitter_hours, utc_offset_hours;
	unsigned days; /* bit 0: Monday */
};

enum scenario_closed { /* as enum sim_closed, from 1 */
	SCENARIO_SILENT = 1,
	SCENARIO_RST,
	SCENARIO_UNREACHABLE,
	SCENARIO_PROHIBITED,
};

/* So many hosts of one sort in each block. */
struct scenario_hosts {
	struct scenario_place place;
	uint64_t count;
	double availability;
	int64_t tau_ns, session_ns; /* one of them, or none */
	double miss;
	struct bw_methods methods; /* that they answer */
	unsigned closed;           /* enum scenario_closed */
	struct scenario_rest rest;
};

/* COUNT networks that follow each other. */
struct scenario_network {
	struct scenario_place place;
	const char *prefix;
	uint64_t count, block_length;
	const char *profile; /* NULL: as its target */
	struct scenario_hosts *hosts;
	size_t host_count;
	struct scenario_texts path; /* behind that of the target */
};

struct scenario_target {
	struct scenario_place place;
	const char *file; /* a TARGET; or the networks are given here: */
	const char *name, *title, *country;
	uint64_t copies;
	struct bw_methods methods;
	double listed;  /* share of the hosts that the target knows */
	double claimed; /* the availability that it states of them; 0: the true one */
	struct scenario_network *networks;
	size_t network_count;
	struct scenario_hosts *hosts; /* of networks that have none, and beside those of a file */
	size_t host_count;
	const char *profile; /* NULL: `world` */
	int64_t tau_ns;      /* of the hosts of a file */
	struct scenario_texts path;
	int64_t round_ns, confirm_ns; /* 0: those of the vantage */
	double probes_per_hour;
};

struct scenario_router {
	struct scenario_place place;
	const char *name;
	struct options_addresses addresses;
	double silent, errors_pps;
	bool long_quote;
	uint64_t asn;        /* 0: not known */
	const char *country; /* NULL: not known */
};

struct scenario_vantage {
	const char *name;
	int64_t round_ns, confirm_ns;
	double probes_per_hour, rate_pps, false_dark_per_year;
	bool gateway;
	uint64_t references;
	struct scenario_link link;
	struct scenario_texts path;
	int64_t trace_ns;                    /* `trace`; 0: never */
	struct options_addresses nat;        /* what routers see in place of its addresses */
	struct scenario_texts second_uplink; /* prefixes that are reached by it */
};

enum scenario_fault_kind { /* the first five as enum sim_fault_kind, from 1 */
	SCENARIO_FAULT_SILENT = 1,
	SCENARIO_FAULT_UNREACHABLE,
	SCENARIO_FAULT_LOOP,
	SCENARIO_FAULT_PROHIBITED,
	SCENARIO_FAULT_DEGRADED,
};

struct scenario_fault {
	struct scenario_place place;
	unsigned kind; /* enum scenario_fault_kind */
	struct scenario_texts subjects;
	struct scenario_time at, until, length; /* length: `for` */
	int64_t every_ns, stagger_ns, down_ns, up_ns;
	double spread;
	const char *router, *part;
	struct scenario_texts exempt; /* prefixes of blocks that do not have it */
	double loss;
	int64_t delay_ns;
};

/* As enum sim_vantage_fault_kind, from 1; the last two are of the vantage's program. */
enum scenario_vantage_fault_kind {
	SCENARIO_UPLINK_CUT = 1,
	SCENARIO_LAN_CUT,
	SCENARIO_SEND_ERROR,
	SCENARIO_SEND_BUSY,
	SCENARIO_CAPTURE_DROP,
	SCENARIO_SUSPENDED,
	SCENARIO_CLOCK_STEP,
	SCENARIO_RESTART,
	SCENARIO_RELOAD,
};

/* A fault of the vantage. */
struct scenario_vantage_fault {
	struct scenario_place place;
	unsigned kind; /* enum scenario_vantage_fault_kind */
	struct scenario_time at, until, length;
	int64_t every_ns;
	double share, step_s;
	uint64_t uplink, family; /* 1 or 2; 4 or 6; 0: all */
};

/* The networks of subjects have another path. */
struct scenario_route_change {
	struct scenario_place place;
	struct scenario_texts subjects, path;
	struct scenario_time at, until, length;
	int64_t every_ns;
};

struct scenario_spoofer {
	struct scenario_place place;
	const char *block;
	struct scenario_time at, until, length;
	double rate_pps;
};

struct scenario_move {
	struct scenario_place place;
	const char *from, *to;
	struct scenario_time at, until, length;
	double share;
};

enum scenario_expect_type {
	SCENARIO_EXPECT_EVENT = 1,
	SCENARIO_EXPECT_BLOCK,
	SCENARIO_EXPECT_TARGET,
	SCENARIO_EXPECT_VANTAGE,
	SCENARIO_EXPECT_TRACE,
	SCENARIO_EXPECT_CONDITION,
};

/* What is said of the end of a path. All zeros: it does not matter. */
struct scenario_path {
	unsigned kind;                /* 1 + enum path_kind; 0: any */
	const char *last, *next;      /* names of routers; NULL: any */
	uint64_t shared;              /* 0: any number */
	struct scenario_texts exempt; /* prefixes that are listed, all of them */
	const char *text;             /* a part of the sentence; NULL: any */
};

/* A record that must come, or must not. */
struct scenario_expect {
	struct scenario_place place;
	unsigned type;                       /* enum scenario_expect_type */
	unsigned scope, from, to, onset;     /* 1 + the enum's value; 0: any */
	const char *subject;                 /* NULL: any */
	struct scenario_texts between;
	struct scenario_time after, before;  /* of `between` */
	bool never, withdrawn;
	uint64_t times;                      /* 0: at least once */
	struct scenario_time duration, within;
	/* What stands in the last record of its kind before `before`: */
	unsigned verdict;                    /* 1 + enum bw_verdict */
	unsigned conditions, reasons;        /* sets; all of them must be there */
	uint64_t dark;                       /* dark networks of a target; 0: any number */
	unsigned range;                      /* 1 + enum bw_range; 0: any */
	bool over;                           /* the condition has an `until` */
	bool unhealthy;                      /* a record of the vantage says so */
	struct scenario_path path;           /* of an event, or of a trace that follows one */
};

/* Limits that the score must keep. */
struct scenario_limits {
	uint64_t missed, falsely;    /* outages, at most */
	uint64_t wrong_paths;        /* of events, at most */
	int64_t detect_ns, recover_ns; /* the median, at most; 0: any */
	int64_t detect_p95_ns, recover_p95_ns;
	double inside;               /* share of starts and ends within their bounds, at least */
	double probes_per_hour;      /* of a block, at most; 0: any */
	int64_t settle_ns;           /* from the start, not scored */
};

struct scenario {
	unsigned schema;
	const char *name, *title, *source;
	uint64_t seed;
	struct bw_wall start;
	const char *start_text;
	int64_t duration_ns;
	const char *duration_text;
	struct scenario_profile world; /* the profile of all that name no other */
	struct scenario_profile *profiles;
	size_t profile_count;
	struct scenario_router *routers;
	size_t router_count;
	struct scenario_target *targets;
	size_t target_count;
	struct scenario_vantage vantage;
	struct scenario_fault *faults;
	size_t fault_count;
	struct scenario_route_change *route_changes;
	size_t route_change_count;
	struct scenario_vantage_fault *vantage_faults;
	size_t vantage_fault_count;
	struct scenario_spoofer *spoofers;
	size_t spoofer_count;
	struct scenario_move *moves;
	size_t move_count;
	struct scenario_expect *expect;
	size_t expect_count;
	struct scenario_limits score;
};

/*
 * Reads a scenario (JSON with comments, scenario.schema.json). Returns 0; -ENOMEM;
 * BW_ERR_SYNTAX, BW_ERR_VALUE, BW_ERR_OVERLAP, BW_ERR_LIMIT with file, line, column
 * and field.
 */
int scenario_parse(const char *bytes, size_t length, const char *file,
		   const struct scenario **ret_scenario, struct bw_err *err);
void scenario_free(const struct scenario *scenario);

/*
 * Gives the error that has been set the place of FIELD, a path into the file such
 * as "faults[3].at"; where the file has no such field, of the nearest above it.
 * Returns err->code (BW_ERR_INTERNAL without an err).
 */
int scenario_blame(const struct scenario *scenario, struct bw_err *err, const char *field, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * A length of time as people write it: durations one behind the other, the larger
 * unit first: "9h31m", "21d16h15m", "1.5s". 0, BW_ERR_SYNTAX or BW_ERR_VALUE.
 */
int scenario_parse_length(const char *text, int64_t *ret_ns, struct bw_err *err);

/* The JSON Schema of scenario files. Returns 0 or -ENOMEM. */
int scenario_print_schema(FILE *out);

#endif
