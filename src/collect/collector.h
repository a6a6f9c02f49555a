/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_COLLECTOR_H
#define COLLECT_COLLECTOR_H

#include "collect/admit.h"
#include "collect/tell/teller.h"

/*
 * The collector without I/O: requests come in by collect/api.h, everything lasting goes out by
 * the operations of a store, time is an argument.
 */
struct collector {
	struct fleet fleet;
	struct seen *seen;
	struct store store;
	struct admit admit;
	struct board board;
	struct follow follow;
	struct teller teller;
	const char *read_token; /* NULL: anybody may read */
	int64_t keep_records_ns;
	struct bw_wall forgotten;       /* when old records were last deleted */
	uint64_t taken, known, refused; /* records since the start */
	bool has_news;                  /* something came that is not merged yet */
	int64_t merged_ns;              /* when it was last merged */
	bool stores;                    /* the last transaction succeeded */
};

/*
 * Takes the store over, also after an error, and reads from it what was known. The fleet, the
 * quorum of the board, READ_TOKEN and KEEP_RECORDS_NS are set by the caller before. Returns 0,
 * BW_ERR_UNAVAILABLE or -ENOMEM.
 */
int collector_open(struct collector *collector, struct store store, struct bw_err *err);

/* Takes the records of one request (collect/admit.h) and counts them. */
struct admit_result collector_take(struct collector *collector, const struct fleet_member *member,
				   const char *text, size_t length, struct bw_wall now,
				   struct json_out *out);

/*
 * Merges what has come, and does what time brings: vantages become silent, old records are
 * deleted. What is to be told then is pending in the teller. Returns when it wants to be called
 * again.
 */
struct bw_wall collector_tick(struct collector *collector, struct bw_wall now);

/* Closes the store. Accepts {0}. */
void collector_fini(struct collector *collector);

#endif
