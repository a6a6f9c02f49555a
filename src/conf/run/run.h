/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_H
#define CONF_RUN_H

#include <stdio.h>

#include <blockwatch/method.h>

#include "conf/keys/keys.h"
#include "conf/options/options.h"
#include "json/document.h"
#include "conf/run/run_sinks.h"

/*
 * The configuration of `run`, as plain data. conf/run/run_keys.c has the table of its
 * keys with their ranges, defaults and meaning.
 */

/* The types of records that can be chosen, in the order of messages. */
#define CONF_RUN_RECORD_LIST(X)                                                          \
	X(CONF_RUN_BLOCK, "block")                                                       \
	X(CONF_RUN_EVENT, "event")                                                       \
	X(CONF_RUN_CONDITION, "condition")                                               \
	X(CONF_RUN_TARGET, "target")                                                     \
	X(CONF_RUN_VANTAGE, "vantage")                                                   \
	X(CONF_RUN_PROBE, "probe")                                                       \
	X(CONF_RUN_TRACE, "trace")

enum conf_run_record_index {
#define X(name, text) name##_INDEX,
	CONF_RUN_RECORD_LIST(X)
#undef X
};
enum conf_run_record {
#define X(name, text) name = 1 << name##_INDEX,
	CONF_RUN_RECORD_LIST(X)
#undef X
};

/*
 * The budget of a block without a limit of its own. With rounds of a minute or longer it is
 * a number of probes an hour, else a number of probes a round: a block that is up needs
 * about one, a dark block needs all (three hosts that used to answer, and a cold one).
 */
#define CONF_RUN_BUDGET 20
#define CONF_RUN_BUDGET_ROUND_S 60
#define CONF_RUN_BUDGET_PER_ROUND 4

struct conf_run_limits {
	double probes_per_block_hour; /* 0: as conf_run_read() says, from the round */
};

/* Values that the target does not give are those of the whole configuration. */
struct conf_run_target {
	struct keys_place place;
	const char *target;        /* TARGET; a path begins at the folder of its file */
	int64_t round_ns;
	bool focus;
	struct bw_methods methods; /* count 0: those of the target file */
	int64_t confirm_ns;
	struct conf_run_limits limits; /* always given */
};

struct conf_run_flapping {
	struct keys_place place; /* line 0: nothing was said */
	double enter, leave; /* penalties; leave < enter */
	int64_t half_life_ns;
};

/* Where records wait for the network sinks. */
struct conf_run_spool {
	struct keys_place place; /* line 0: nothing was said */
	uint64_t size;           /* bytes */
	int64_t age_ns;
};

/* X(NAME, word): when a block record is written. */
#define CONF_RUN_BLOCK_RECORDS_LIST(X)            \
	X(CONF_RUN_EACH_ROUND, "rounds")          \
	X(CONF_RUN_CHANGES, "changes")

enum conf_run_block_records {
	CONF_RUN_BLOCK_RECORDS_NONE,
#define X(name, text) name,
	CONF_RUN_BLOCK_RECORDS_LIST(X)
#undef X
};

/* X(NAME, word): who ships the spool. */
#define CONF_RUN_SHIP_LIST(X)         \
	X(CONF_RUN_SHIP_CHILD, "child") \
	X(CONF_RUN_SHIP_EXTERNAL, "external")

enum conf_run_ship {
	CONF_RUN_SHIP_NONE,
#define X(NAME, word) NAME,
	CONF_RUN_SHIP_LIST(X)
#undef X
};

/* Traces of the paths to what is watched. */
struct conf_run_trace {
	int64_t every_ns; /* the path to what is up is traced once in this time */
	bool off;
};

struct conf_run {
	const char *vantage;
	struct {
		struct conf_run_target *list;
		size_t count;
	} targets;
	int64_t round_ns, focus_round_ns, confirm_ns, timeout_ns;
	double rate_pps;
	struct bw_methods methods;       /* count 0: those of the target file */
	const char *interface;           /* NULL: as the routing table says */
	struct options_addresses source; /* per family; family 0: likewise */
	const char *state_directory;     /* NULL: no state is kept */
	struct keys_texts references;    /* addresses or TARGETs */
	struct {
		struct conf_run_sink *list;
		size_t count;
	} sinks;
	struct conf_run_spool spool; /* of network sinks */
	unsigned ship;               /* enum conf_run_ship */
	unsigned records;            /* set of enum conf_run_record */
	unsigned block_records;      /* enum conf_run_block_records */
	const char *contact, *user;  /* or NULL */
	bool allow_reserved;
	struct keys_texts blocklists; /* files */
	struct conf_run_trace trace;
	uint64_t privacy_ttl;            /* hops 1 to this are hidden in records */
	struct keys_texts ranges, mmdbs; /* files that say the AS and country of hops */
	struct conf_run_limits limits;
	struct conf_run_flapping flapping;
	double false_dark_per_year; /* of one block */
	int64_t stale_after_ns;     /* targets that were updated longer ago are warned of */
	struct {                    /* where these keys were read; line 0: nowhere */
		struct keys_place user, state_directory, interface, source, rate;
	} places;
	struct keys_texts files;    /* that were read, the configuration itself first */
	struct pool pool;           /* holds all of it */
};

/*
 * Reads a configuration and what it includes: first the file, then its includes, in
 * order; lists of targets, references, sinks and block lists grow, of every other key
 * the last value counts. Returns 0; BW_ERR_MISSING for a file that cannot be read;
 * BW_ERR_SYNTAX, BW_ERR_VALUE, BW_ERR_OVERLAP, BW_ERR_LIMIT for what is wrong in one;
 * -ENOMEM; with file, line, column and key.
 */
int conf_run_read(const char *path, struct conf_run *conf, struct bw_err *err);

/*
 * The same, but tells FLAWS each thing that is wrong. Returns 0 when the texts could be read, with
 * or without flaws; what was refused is as if it were not there, so a key that is required may be
 * missing in CONF. Else returns as conf_run_read().
 */
int conf_run_read_all(const char *path, struct conf_run *conf, const struct document_flaws *flaws,
		      struct bw_err *err);

/* The same from memory; includes and paths begin at the folder of FILE_NAME. */
int conf_run_parse(const char *bytes, size_t length, const char *file_name,
		   struct conf_run *conf, struct bw_err *err);

/* Also for one that could not be read, or {0}. */
void conf_run_fini(struct conf_run *conf);

/* Whether records go to a spool: a network sink is there, or "spool" is given. */
bool conf_run_has_spool(const struct conf_run *conf);

/* Whether a network sink is there. */
bool conf_run_has_network_sink(const struct conf_run *conf);

/*
 * Which types of records SINK, a network sink, takes: a set of 1 << enum spool_type. NULL: all
 * that the spool of CONF takes.
 */
unsigned conf_run_spool_types_of(const struct conf_run *conf, const struct conf_run_sink *sink);

/* Whether any sink takes records of single probes. */
bool conf_run_tells_probes(const struct conf_run *conf);

/* Prints all values in words, for --check-config. */
void conf_run_check_print(const struct conf_run *conf, FILE *out);

/*
 * The first key that a reload cannot change although it differs, or NULL: the
 * vantage's name, say, whose records would be another vantage's.
 */
const char *conf_run_restart_needed(const struct conf_run *before, const struct conf_run *after);

/* Prints the JSON Schema of a file. Returns 0 or -ENOMEM. */
int conf_run_print_schema(FILE *out);

#endif
