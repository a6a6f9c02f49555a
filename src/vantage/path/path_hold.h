/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_HOLD_H
#define VANTAGE_PATH_HOLD_H

#include "report/record/record.h"

/*
 * Records that wait for the path of an event, in their order. A record is copied with what it
 * borrows for the call; names of targets, of interfaces and of the vantage outlive the hold.
 */
#define PATH_HOLD_MAX 16384U /* records */

struct held {
	struct record record;
	struct bw_mono until; /* an event waits until then; ns 0: it does not */
	char subject[BW_PREFIX_TEXT];
	void *memory; /* of the lists of a trace */
};

struct path_hold {
	struct held *ring;
	uint32_t room, head, count;
};

void path_hold_fini(struct path_hold *hold);

/* Appends a copy of RECORD. Returns 0, -ENOMEM, or BW_ERR_LIMIT: it is full. */
int path_hold_add(struct path_hold *hold, const struct record *record, struct bw_mono until);

/* The oldest record; NULL: there is none. path_hold_drop() takes it away. */
struct held *path_hold_first(const struct path_hold *hold);
void path_hold_drop(struct path_hold *hold);

#endif
