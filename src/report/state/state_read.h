/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_READ_H
#define REPORT_STATE_STATE_READ_H

#include "report/state/state.h"

/*
 * Who takes what is read; what is handed over is borrowed for the call. A
 * negative return ends the reading. The head comes first, lines in their order;
 * whether one comes twice is not looked at. NULL: not wanted.
 */
struct state_handlers {
	int (*head)(void *self, const struct state_head *head);
	int (*block)(void *self, const struct state_block *block);
	int (*group)(void *self, const struct state_group *group);
	void *self;
};

/*
 * Reads a whole state, in exactly the form in which it is written; FILE names it
 * in messages. Allocates nothing. Nothing is handed over before version, end and
 * checksum are found right; after a failure the caller drops what it was given.
 * Returns 0 or, with a message and the line:
 *   BW_ERR_SYNTAX  damaged: cut, altered, no state at all
 *   BW_ERR_VALUE   of another version, or with a value that cannot be
 *   what a handler returned
 */
int state_read(const char *bytes, size_t length, const char *file,
	       const struct state_handlers *handlers, struct bw_err *err);

#endif
