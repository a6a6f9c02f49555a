/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BUILD_DELEGATED_H
#define TARGET_BUILD_DELEGATED_H

#include "base/addr/range_set.h"
#include "target/tables/cells.h"

/*
 * Reads the statistics files of the address registries, "delegated" and "delegated-extended":
 *
 *     2|apnic|20260617|3|19830613|20260616|+1000             version line: 3 records follow
 *     apnic|*|ipv4|*|2|summary
 *     apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated|A91A
 *     apnic|KP|asn|131279|1|20091221|allocated|A91A
 *
 * The value of an IPv4 record counts addresses and need not be a power of two; that of an IPv6
 * record is a prefix length. The country is that of the holder. A file may hold those of several
 * registries one after the other.
 *
 * A file that holds fewer records than its version line or a summary counts was cut short, and
 * is refused. A file without a version line (an excerpt) is accepted.
 */
enum delegated_type {
	DELEGATED_ASN,
	DELEGATED_IPV4,
	DELEGATED_IPV6,
	DELEGATED_TYPES,
};

struct delegated {
	const char *country;     /* two capitals; borrowed */
	struct range_set *space; /* gets what is allocated or assigned in the country; borrowed */
	char day[CELL_DAY];      /* "" without a version line; the newest of several */
	uint64_t records;        /* of the whole file */
	/* Of the part of the file that belongs to one version line: */
	uint64_t counted, seen[DELEGATED_TYPES];
	uint64_t summed[DELEGATED_TYPES]; /* what the summary lines say; 0: no such line */
};

struct delegated delegated_of(const char *country, struct range_set *space);

/* A text_reader; SELF is a struct delegated. Also BW_ERR_SYNTAX, BW_ERR_VALUE, -ENOMEM. */
int delegated_line(void *self, const struct text_line *line, struct bw_err *err);

/* Returns 0, or BW_ERR_VALUE for a file without records or with fewer than it counts. */
int delegated_end(struct delegated *delegated, struct bw_err *err);

#endif
