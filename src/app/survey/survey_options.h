/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_OPTIONS_H
#define APP_SURVEY_SURVEY_OPTIONS_H

#include "app/survey/survey_input.h"
#include "report/survey/survey_csv.h"

/* What a survey is told; what the user typed and what was made of it. */
struct survey_options {
	const char *interface;
	struct options_addresses source;
	struct bw_methods methods;
	const char *rate;
	int64_t timeout_ns;
	bool allow_reserved, allow_everything;
	struct options_texts blocklists;
	bool dry_run;
	uint64_t seed; /* 0: random */
	const char *shard;
	uint64_t passes, retries, senders;
	int64_t pause_ns, cooldown_ns, max_runtime_ns;
	const char *resume, *write, *summary;
	bool layer3, json, errors;
	const char *csv;

	/* Made by survey_options_check(): */
	double rate_pps;               /* INFINITY: as fast as possible */
	uint32_t shard_number, shards; /* number: from 1 */
	struct survey_csv fields;
};

/* Makes sense of the texts. Returns 0 or BW_ERR_USAGE with the option as field. */
int survey_options_check(struct survey_options *options, struct bw_err *err);

/* The one that was given, or a random one: 53 bits, which every reader of JSON keeps. */
uint64_t survey_seed(const struct survey_options *options);

/*
 * Packets a second: "1000", "10k", "1M", "max"; or bits on the wire: "100Mbit",
 * "1Gbps", for the longest packet of METHODS. Returns 0 or BW_ERR_USAGE.
 */
int survey_rate_parse(const char *text, const struct bw_methods *methods, double *ret_pps,
		      struct bw_err *err);

/* "2/8". Returns 0 or BW_ERR_USAGE. */
int survey_shard_parse(const char *text, uint32_t *ret_number, uint32_t *ret_shards,
		       struct bw_err *err);

struct survey_job {
	const struct survey_options *options;
	struct survey_input *input;
	char *const *operands; /* as they were given */
	size_t operand_count;
};

/*
 * Runs the survey against the real network. Returns 0 also when it was
 * interrupted; the first error otherwise, what was found out so far being written.
 */
int survey_run(const struct survey_job *job, struct bw_err *err);

#endif
