/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_LINE_H
#define REPORT_STATE_STATE_LINE_H

#include "json/scan.h"
#include "report/state/state.h"

/*
 * The lines of blocks and groups in a state file, behind their "type": members in the order
 * in which state_write.c writes them. A failure stays in the scan; then what was read is
 * not complete. Whether the values are right is asked of state_check.h.
 */
#define STATE_LINE_WORD_MAX 64 /* bytes of a word, a prefix, an address */

struct state_line {
	unsigned version;                /* of the file, from 1 */
	char target[STATE_NAME_MAX + 1]; /* what the block or group borrows */
};

void state_line_block(struct state_line *line, struct scan *scan, struct state_block *ret_block);

/* The scope of the group is set by the caller, all else is zero bytes. */
void state_line_group(struct state_line *line, struct scan *scan, struct state_group *group);

#endif
