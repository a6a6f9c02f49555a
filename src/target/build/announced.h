/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BUILD_ANNOUNCED_H
#define TARGET_BUILD_ANNOUNCED_H

#include "base/addr/range_set.h"
#include "target/tables/cells.h"

/*
 * Reads tables of announced prefixes with the AS that originates each:
 *
 *     198.18.0.0<TAB>24<TAB>64496                     pfx2as of CAIDA; "64496_64497": two origins
 *     198.18.0.0/24<TAB>64496                         the same, shorter
 *     TABLE_DUMP2|1700000000|B|192.0.2.1|64500|198.18.0.0/24|64500 64497 64496|IGP|...
 *                                                     `bgpdump -m` of a table (not of updates)
 *
 * An AS path gives upstreams, too: the AS before the origin. A table is as large as the Internet
 * and may hold each prefix once for each peer: only routes that touch SPACE, or come from one of
 * the ASes of interest, are kept.
 */
struct announced_route {
	struct bw_prefix prefix;
	uint32_t asn;      /* of the origin; 0: not known */
	uint32_t upstream; /* 0: not known */
};

struct announced {
	const struct range_set *space; /* disjoint; borrowed */
	const uint32_t *ases;          /* of interest; borrowed */
	size_t as_count;
	struct array routes; /* struct announced_route */
	bool has_v4, has_v6; /* the tables have routes of this family */
	char separator;      /* of the current file; 0: not known yet */
	uint64_t count;      /* routes of the current file */
	int64_t newest;      /* time of a dump in seconds; 0: none */
};

struct announced announced_of(const struct range_set *space, const uint32_t *ases, size_t as_count);
void announced_fini(struct announced *announced);
void announced_begin(struct announced *announced);

/* A text_reader; SELF is a struct announced. Also BW_ERR_SYNTAX, BW_ERR_VALUE, -ENOMEM. */
int announced_line(void *self, const struct text_line *line, struct bw_err *err);

/* Ends a file. Returns 0, or BW_ERR_VALUE for one without routes. RET_DAY "": it has none. */
int announced_end(struct announced *announced, char ret_day[CELL_DAY], struct bw_err *err);

/* Sorts the routes by prefix, origin and upstream, and keeps each once. */
void announced_seal(struct announced *announced);

/* Of sealed routes: the end of those with the prefix of route FIRST. */
uint32_t announced_next(const struct announced *announced, uint32_t first);

/* The origin that most of the routes from FIRST on have, the lowest of several. */
uint32_t announced_origin(const struct announced *announced, uint32_t first);

static inline const struct announced_route *announced_at(const struct announced *announced,
							 uint32_t n)
{
	return (const struct announced_route *)array_at(&announced->routes, n);
}

#endif
