/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_EXIT_H
#define REPORT_CHECK_CHECK_EXIT_H

#include "report/record/record.h"

/*
 * The exit code of a check, as monitoring plugins (Nagios, Icinga, Monit) have it. It follows
 * from the state that the headline states, too (check_state.h).
 *
 *   code            of one target
 *   0 ok            up: every network of which anything is known
 *   1 warning       flapping or partly dark
 *   2 critical      dark: everything that is known of the target
 *   3 unknown       unknown, all of it or a part of which something is known
 *
 * Of several targets the worst code counts, in the order of monitoring systems: 2 before
 * 1 before 3 before 0. So an unknown target hides no alarm and never counts as ok. No
 * target, or a target without networks, is unknown.
 */
enum check_exit {
	CHECK_EXIT_OK = 0,
	CHECK_EXIT_WARNING = 1,
	CHECK_EXIT_CRITICAL = 2,
	CHECK_EXIT_UNKNOWN = 3,
};

int check_exit(const struct record_target *targets, size_t count);

/* The worse of two codes, for callers that see one target after the other. */
int check_exit_worse(int a, int b);

#endif
