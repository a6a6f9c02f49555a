/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_MERGE_MERGE_H
#define INFER_MERGE_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/verdict.h>

/*
 * What several vantages together know of one block. A block is dark when everybody who can tell
 * says so and they hang on enough different networks: a single validated answer at any vantage
 * is a veto. (Trinocular's peninsulas: a block that some see and others do not is up.)
 */
struct merge_vote {
	enum bw_verdict verdict; /* of a block */
	uint64_t upstream;       /* which network connects the vantage: equal numbers count once */
	bool can_tell;           /* it has been heard of lately and was fit */
	bool cut_off;            /* nearly everything is dark to it: its darkness does not count */
};

struct merge_rule {
	unsigned quorum; /* different upstream networks that dark takes */
};

struct merge_result {
	enum bw_verdict verdict;
	bool mixed;         /* some see it, some do not */
	bool lacks_quorum;  /* unknown for that reason */
	unsigned upstreams; /* different ones that say dark */
};

/*
 * BEFORE is the verdict that the block had until now: it keeps it while all who call it dark are
 * cut off.
 */
struct merge_result merge_votes(const struct merge_rule *rule, const struct merge_vote *votes,
				size_t count, enum bw_verdict before);

#endif
