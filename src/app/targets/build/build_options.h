/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_BUILD_OPTIONS_H
#define APP_TARGETS_BUILD_OPTIONS_H

#include "base/addr/range_set.h"
#include "conf/options/options.h"
#include "target/country.h"

/* What the user has typed. */
struct build_options {
	const char *country;
	struct options_texts delegated, ranges, announced, second, hitlists, exclude; /* files */
	struct options_texts mmdbs;                                                   /* likewise */
	struct options_texts ases, prefixes;
	const char *date, *source, *output; /* NULL: not given; output "-": standard output */
	uint64_t sample, max_blocks, seed;  /* sample 0: all blocks */
	bool force;
};

/* The same, checked. */
struct build_request {
	const struct build_options *options;
	const struct country *country; /* NULL: none, but ASes or prefixes */
	uint32_t ases[OPTIONS_TEXTS_MAX];
	size_t as_count;
	struct range_set prefixes;
	char day[11]; /* of --date, or "" */
};

extern const struct options_command build_command;

/* Returns 0 or BW_ERR_USAGE, with the option as field; -ENOMEM. Call build_request_fini(). */
int build_options_check(const struct build_options *options, struct build_request *ret_request,
			struct bw_err *err);
void build_request_fini(struct build_request *request);

#endif
