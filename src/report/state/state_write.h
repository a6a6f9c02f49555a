/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_WRITE_H
#define REPORT_STATE_STATE_WRITE_H

#include <stdio.h>

#include "report/state/state.h"

/*
 * Writes state to FILE: begin, as many blocks, groups and paths as the head says, end.
 * Each returns 0 or the first failure: -errno of the file, or BW_ERR_VALUE for a value
 * that no reader accepts (state_check.h), with the number that its line would have had.
 * The first failure fills the err that was given to state_writer_begin() and stays: the
 * calls that follow write nothing and return it.
 */
struct state_writer {
	FILE *file; /* the caller's; neither flushed nor closed here */
	struct bw_err *err;
	int error;
	uint64_t sum;
	struct state_head head;
	uint32_t blocks, groups, paths; /* written */
	char line[STATE_LINE_MAX];
};

int state_writer_begin(struct state_writer *writer, FILE *file, const struct state_head *head,
		       struct bw_err *err);
int state_writer_put_block(struct state_writer *writer, const struct state_block *block);
int state_writer_put_group(struct state_writer *writer, const struct state_group *group);
int state_writer_put_path(struct state_writer *writer, const struct state_path *path);
int state_writer_end(struct state_writer *writer);

#endif
