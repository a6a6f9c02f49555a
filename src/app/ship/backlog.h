/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_BACKLOG_H
#define APP_SHIP_BACKLOG_H

#include "sys/spool/reader.h"

/*
 * Counts how many records of a sink wait: those that have been found in the spool since the start,
 * less those that its lanes have delivered or set aside. Records that `run` drops from a full spool
 * meanwhile are counted until the lanes have come to the end of it.
 */
struct backlog {
	struct filter filter;
	struct reader *reader;
	int64_t found_records, found_bytes;     /* since the start */
	int64_t done_records, done_bytes;       /* by the lanes since the start */
	int64_t surplus_records, surplus_bytes; /* found and not done although nothing waited */
	bool more;                              /* of the spool is to be looked at */
};

/* FROM: where the first lane reads on. Returns 0 or -ENOMEM. */
int backlog_init(struct backlog *backlog, int folder, const struct filter *filter,
		 const struct position_place *from);
void backlog_fini(struct backlog *backlog);

/* Looks at what is new. Returns true when there is more to look at: call it again. */
bool backlog_look(struct backlog *backlog);

/* All behind PLACE waits again; what is done is as backlog_set_done() was told last. */
void backlog_rewind(struct backlog *backlog, const struct position_place *place);

/* Lines that were delivered or set aside, since the start. */
void backlog_set_done(struct backlog *backlog, uint64_t records, uint64_t bytes);

/* The lanes have come to the end: nothing waits. */
void backlog_reset(struct backlog *backlog);

uint64_t backlog_records(const struct backlog *backlog);
uint64_t backlog_bytes(const struct backlog *backlog);

#endif
