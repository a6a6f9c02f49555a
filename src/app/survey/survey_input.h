/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_INPUT_H
#define APP_SURVEY_SURVEY_INPUT_H

#include <blockwatch/transport.h>

#include "conf/options/options.h"
#include "probe/sweep/sweep_space.h"

/* Whom a survey asks, whom it must not ask, and the way to them. Sends nothing. */
struct survey_input {
	struct sweep_space *space;
	struct sweep_space_sum sum;
	struct prefix_set *blocklist;
	struct permit permit;
	struct bw_egress egress[BW_EGRESS_MAX]; /* one a family */
	uint8_t egress_count;
};

struct survey_wishes {
	const char *interface; /* or NULL */
	const struct options_addresses *source;
	const struct options_texts *blocklists;
	bool allow_reserved, allow_everything;
};

/*
 * Reads the operands: prefixes, addresses, files of them, '-' for standard input,
 * targets. Returns 0 or the first error; survey_input_close() in either case.
 */
int survey_input_open(struct survey_input *input, const struct survey_wishes *wishes,
		      char *const *operands, size_t count, struct bw_err *err);
void survey_input_close(struct survey_input *input);

/* Finds the way out of each family that is asked; what has none is warned of. */
int survey_input_route(struct survey_input *input, const struct survey_wishes *wishes,
		       struct bw_err *err);

/* Reads all block lists into a new set, sealed. Returns 0 or the first error. */
int survey_read_blocklists(const struct options_texts *files, struct prefix_set **ret_set,
			   struct bw_err *err);

#endif
