/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_WRITE_H
#define REPORT_STATE_STATE_WRITE_H

#include <stdio.h>

#include "report/state/state.h"

/*
 * Writes state to FILE: begin, as many blocks and groups as the head says, end.
 * Each returns 0 or the first failure, which is remembered, has filled the err
 * given to state_writer_begin(), and makes all that follows do nothing:
 * -errno of the file; BW_ERR_VALUE for what no reader would accept (the limits
 * above), with the line that it would have had.
 */
struct state_writer {
	FILE *file; /* the caller's; neither flushed nor closed here */
	struct bw_err *err;
	int error;
	uint64_t sum;
	struct state_head head;
	uint32_t blocks, groups; /* written */
	char line[STATE_LINE_MAX];
};

int state_writer_begin(struct state_writer *writer, FILE *file, const struct state_head *head,
		       struct bw_err *err);
int state_writer_put_block(struct state_writer *writer, const struct state_block *block);
int state_writer_put_group(struct state_writer *writer, const struct state_group *group);
int state_writer_end(struct state_writer *writer);

#endif
