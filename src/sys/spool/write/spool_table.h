/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_TABLE_H
#define SYS_SPOOL_WRITE_SPOOL_TABLE_H

#include "ship/spool/plan.h"
#include "sys/spool/write/spool_home.h"
#include "sys/spool/write/spool_told.h"

/* The segments of a spool, by number. */
struct spool_table {
	struct plan plan; /* its list belongs to the table */
	size_t capacity;
};

void spool_table_fini(struct spool_table *table);

/* Adds one with a higher number. Returns 0 or -ENOMEM. */
int spool_table_add(struct spool_table *table, const struct plan_segment *segment);
void spool_table_remove(struct spool_table *table, size_t index);

/* The index of segment NUMBER; the count of all if it is not there. */
size_t spool_table_find(const struct spool_table *table, uint64_t number);

/* The segment was rewritten, and holds ALL now. */
void spool_table_replace(struct spool_table *table, size_t index, const struct spool_group *all);

/* How many records there are, and the age of the first: 0 when its time lies in the future. */
uint64_t spool_table_records(const struct spool_table *table);
double spool_table_age_s(const struct spool_table *table, struct bw_now now);

/*
 * Reads the table from the folder. What was cut off or damaged, and segments that cannot be read
 * and are left alone, are told. Returns 0, -ENOMEM or -errno.
 */
int spool_table_load(struct spool_table *table, const struct spool_home *home, struct bw_now now,
		     struct spool_told *told);

#endif
