/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_OPTIONS_H
#define APP_SURVEY_SURVEY_OPTIONS_H

#include "conf/options/options.h"
#include "report/survey/survey_csv.h"

/* The options of a survey: what the user typed, and the values made of it. */
struct survey_options {
	const char *interface; /* or NULL */
	struct options_addresses source;
	struct bw_methods methods;
	const char *rate;
	int64_t timeout_ns;
	bool allow_reserved, allow_everything;
	struct options_texts blocklists; /* files */
	bool dry_run;
	uint64_t seed; /* 0: random */
	const char *shard;
	uint64_t passes, retries, senders;
	int64_t pause_ns, cooldown_ns, max_runtime_ns;
	const char *resume, *write, *summary; /* files, or NULL */
	bool layer3, json, errors;
	bool v4, v6;  /* -4, -6; both or neither: all addresses */
	bool resolve; /* host names, too */
	bool quiet;
	const char *csv;

	/* Set by survey_options_check(): */
	double rate_pps;               /* INFINITY: as fast as possible */
	uint32_t shard_number, shards; /* shard_number counts from 1 */
	struct survey_csv fields;
};

/*
 * Parses the texts, fills in the defaults, and checks which options fit together. Returns 0,
 * or BW_ERR_USAGE with the option as the field of ERR.
 */
int survey_options_check(struct survey_options *options, struct bw_err *err);

/*
 * Checks that the files of --resume, --write and --summary can be written, before a survey
 * that may take hours. Returns 0, or BW_ERR_UNAVAILABLE with the file.
 */
int survey_options_check_files(const struct survey_options *options, struct bw_err *err);

/* Returns --seed, or else a random seed of 53 bits, which every JSON reader keeps exact. */
uint64_t survey_options_seed(const struct survey_options *options);

/*
 * Parses packets a second ("1000", "10k", "1M", "max"), or bits a second on the wire
 * ("100Mbit", "1Gbps"), where the longest packet of METHODS counts. Returns 0 or
 * BW_ERR_USAGE.
 */
int survey_rate_parse(const char *text, const struct bw_methods *methods, double *ret_pps,
		      struct bw_err *err);

/* Parses "2/8": number and count of shards. Returns 0 or BW_ERR_USAGE. */
int survey_shard_parse(const char *text, uint32_t *ret_number, uint32_t *ret_shards,
		       struct bw_err *err);

#endif
