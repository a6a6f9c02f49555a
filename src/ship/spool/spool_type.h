/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_SPOOL_SPOOL_TYPE_H
#define SHIP_SPOOL_SPOOL_TYPE_H

#include <stdint.h>

#include "ship/line.h"

/*
 * The types of records that `run` makes, in the order in which a full spool drops them: the
 * first goes first, events go last.
 */
#define SPOOL_TYPE_LIST(X)              \
	X(SPOOL_PROBE, "probe")         \
	X(SPOOL_BLOCK, "block")         \
	X(SPOOL_VANTAGE, "vantage")     \
	X(SPOOL_TRACE, "trace")         \
	X(SPOOL_TARGET, "target")       \
	X(SPOOL_CONDITION, "condition") \
	X(SPOOL_EVENT, "event")

enum spool_type {
#define X(name, text) name,
	SPOOL_TYPE_LIST(X)
#undef X
};
enum {
#define X(name, text) +1
	SPOOL_TYPES = 0 SPOOL_TYPE_LIST(X), /* how many there are; as a type: any other */
#undef X
};

/* How many records of each type there are, and how many bytes they have. */
struct spool_sums {
	uint64_t records[SPOOL_TYPES], bytes[SPOOL_TYPES];
};

const char *spool_type_name(unsigned type);

/* The type that a line names; SPOOL_TYPES: none of the list. */
unsigned spool_type_of(const struct ship_text *text);

void spool_sums_add(struct spool_sums *sums, const struct spool_sums *more);
uint64_t spool_sums_records(const struct spool_sums *sums);

#endif
