/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_INPUT_H
#define APP_SURVEY_SURVEY_INPUT_H

#include "app/survey/survey_options.h"
#include "probe/permit.h"
#include "probe/sweep/sweep_space.h"

/* The addresses that a survey probes, and those that it must not probe. */
struct survey_input {
	struct sweep_space *space; /* sealed by survey_input_open() */
	struct sweep_space_sum sum;
	size_t unasked; /* IPv6 networks of targets that are too large */
	struct prefix_set *blocklist;
	/*
	 * What was cut out of the space: the block list, or that of the run which is resumed,
	 * because the order of the addresses follows from it. Entries that came later are refused
	 * when a packet is sent. Owned if it is not the block list.
	 */
	struct prefix_set *ordered_by;
	struct permit permit; /* points to the blocklist */
	int family;   /* 4 or 6: addresses of the other are left out; 0: both */
	bool resolve; /* an operand may be a host name */
	size_t left_out; /* IPv6 prefixes of lists and targets with too many addresses */
	struct bw_prefix first_left_out;
};

/*
 * Reads the block lists and the operands: prefixes, addresses, files that list them one a
 * line, '-' for such a list on standard input, target names and target files. Of a target every
 * address of its IPv4 networks is asked, and in IPv6 the hosts that it lists. Logs how many
 * addresses are left out, and why.
 *
 * Returns 0, or one of: BW_ERR_VALUE, no address is left; BW_ERR_USAGE, most of the IPv4
 * Internet without --allow-everything; BW_ERR_LIMIT, too many addresses; errors of the
 * readers, with file and line. Call survey_input_close() in all cases.
 */
int survey_input_open(struct survey_input *input, const struct survey_options *options,
		      char *const *operands, size_t count, struct bw_err *err);
void survey_input_close(struct survey_input *input);

#endif
