/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_READ_H
#define REPORT_STATE_STATE_READ_H

#include "report/state/state.h"

/*
 * Functions of the caller, one for each kind of line; NULL: these lines are skipped. The
 * head comes first, then the lines in the order of the file. Their structs are borrowed
 * for the call. A negative return ends the reading. Two lines about the same block or
 * group are not found here.
 */
struct state_handlers {
	int (*head)(void *self, const struct state_head *head);
	int (*block)(void *self, const struct state_block *block);
	int (*group)(void *self, const struct state_group *group);
	int (*path)(void *self, const struct state_path *path);
	void *self;
};

/*
 * Reads a whole state, in exactly the form in which it is written; FILE names it in
 * messages. Allocates nothing. The handlers are called once version, end and checksum are
 * right; after a failure the caller drops what it was given.
 * Returns 0 or, with a message and the line:
 *   BW_ERR_SYNTAX  damaged: cut, altered, or not a state file
 *   BW_ERR_VALUE   of another version, or with an impossible value
 *   what a handler returned
 */
int state_read(const char *bytes, size_t length, const char *file,
	       const struct state_handlers *handlers, struct bw_err *err);

#endif
