/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_HOURLY_HOURLY_READ_H
#define COLLECT_HOURLY_HOURLY_READ_H

#include "collect/hourly/hourly_sum.h"
#include "collect/store.h"

/* Reads the hourly sums of a subject, of all vantages, whether they are in days already or not. */
struct hourly_query {
	const char *target;
	enum bw_scope scope;
	struct bw_prefix prefix; /* of a network or block */
	int64_t from, until; /* hours since 1970: FROM is the first, UNTIL is not read any more */
};

struct hourly_of_vantage {
	const char *vantage;
	const struct hourly_sum *sum;
};

/* One hour of which there are sums, those of vantages by their names. */
struct hourly_found {
	int64_t hour;
	const struct hourly_of_vantage *list;
	size_t count;
};

/*
 * Calls TAKE for each hour of which there is anything, in order; it returns 0, or another number
 * that ends the walk. Returns that, BW_ERR_UNAVAILABLE or -ENOMEM. It looks at no day before the
 * first and after the last of which there are sums.
 */
int hourly_read(const struct store *store, const struct hourly_query *query,
		int (*take)(void *arg, const struct hourly_found *found), void *arg,
		struct bw_err *err);

#endif
