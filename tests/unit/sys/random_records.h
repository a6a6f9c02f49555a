/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_RANDOM_RECORDS_H
#define TESTS_RANDOM_RECORDS_H

#include "base/rng.h"
#include "collect/board/board.h"

/* Records of random vantages in random order, and the merged history that follows, as text. */
#define RANDOM_RECORDS_TEXT 8192

extern const char *const random_vantages[3];

struct random_records {
	struct rng rng;
	size_t vantages; /* of the three, the first ones */
	uint64_t seq;
};

/* One request. */
struct random_request {
	const char *vantage;
	char lines[RANDOM_RECORDS_TEXT];
	size_t length;
	unsigned count; /* of records */
};

/* That comes at NOW: what it says may be older, or a little later. */
void random_records_next(struct random_records *records, int64_t now_ns,
			 struct random_request *ret_request);

/* All intervals of all subjects that begin before UNTIL; the caller frees it. */
char *history_text(const struct board *board, int64_t until_ns);

#endif
