/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_EXIT_H
#define REPORT_CHECK_CHECK_EXIT_H

#include "report/record/record.h"

/*
 * The exit code of a check, as monitoring plugins (Nagios, Icinga, Monit) have it.
 *
 *   code            of one target
 *   0 ok            every network is up
 *   1 warning       a network is flapping, or part of the networks is dark
 *   2 critical      the target is dark
 *   3 unknown       a network is unknown, and none is dark or flapping
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
