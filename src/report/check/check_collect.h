/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_COLLECT_H
#define REPORT_CHECK_CHECK_COLLECT_H

#include "report/record/record.h"

/*
 * Collects the records of a check: the latest record of each block, of each target and of
 * the vantage. Records come in any order, and several for one block. Strings are copied.
 * Memory grows with the number of blocks, not with the number of records.
 */
struct check_block {
	struct record_block record; /* target and network_name belong to the collection */
	uint64_t arrival;
};

struct check_target {
	char *name, *title; /* title may be NULL */
	char *path;         /* where the paths to it end, a sentence; NULL: not known */
	struct record_target record;
	bool decided;      /* its record has come; until then: unknown, no networks */
	uint64_t arrival;  /* of its first record of a target; UINT64_MAX: none has come */
	struct bw_wall at; /* of the latest record */
	struct check_block *blocks; /* sorted by network, then block, by check_collect_sort() */
	size_t block_count, block_room;
};

struct check_collect {
	/* Once sorted, in the order in which their records of targets came first. */
	struct check_target *targets;
	size_t target_count, target_room;
	struct record_vantage vantage; /* version is NULL; all 0 when none has come */
	uint64_t arrivals;
	int error; /* 0, or -ENOMEM: something is missing */
};

void check_collect_init(struct check_collect *collect);
void check_collect_fini(struct check_collect *collect);

void check_collect_put(struct check_collect *collect, const struct record *record);

/* Sorts targets and blocks and drops older records; must be called before they are read. */
void check_collect_sort(struct check_collect *collect);

/* The index behind the last block of the network whose first block is at FIRST. */
size_t check_collect_network_end(const struct check_target *target, size_t first);

#endif
