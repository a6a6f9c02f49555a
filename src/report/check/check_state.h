/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_STATE_H
#define REPORT_CHECK_CHECK_STATE_H

#include "report/record/record.h"

/*
 * The state of a target as a check reports it. The headline (check_words.h) and the exit code
 * (check_exit.h) both come from this state, so that they never contradict each other.
 *
 * Networks of which nothing is known are left out: unknown networks whose only reason is that
 * they have never answered. Of the others:
 *
 *   dark            all of them are dark
 *   partly dark     some of them are dark, or partly dark
 *   flapping        none is dark or partly dark, some are flapping
 *   up              all of them are up
 *   partly unknown  some are up, the others are unknown
 *   unknown         none is up, flapping or dark
 *
 * X(name, text, exit code). Severity grows from the first line to the last.
 */
#define CHECK_STATE_LIST(X)                                                                \
	X(CHECK_UP, "up", 0)                                                               \
	X(CHECK_PARTLY_UNKNOWN, "partly unknown", 3)                                       \
	X(CHECK_UNKNOWN, "unknown", 3)                                                     \
	X(CHECK_FLAPPING, "flapping", 1)                                                   \
	X(CHECK_PARTLY_DARK, "partly dark", 1)                                             \
	X(CHECK_DARK, "dark", 2)

enum check_state {
#define X(name, text, code) name,
	CHECK_STATE_LIST(X)
#undef X
};

/* The state of a target by the counts of its networks and its reasons. */
enum check_state check_state(const struct record_target *target);

/* "partly dark" */
const char *check_state_name(enum check_state state);

/* 0 to 3, as monitoring plugins have it. */
int check_state_code(enum check_state state);

#endif
