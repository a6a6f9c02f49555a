/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_EXTRA_H
#define INFER_CONDITION_EXTRA_H

#include "infer/condition/condition.h"

/* Which extra probes an answered round should send to test the conditions of its block. */
enum extra_kind {
	EXTRA_COLD,   /* none; cold hosts are asked as usual */
	EXTRA_PART,   /* candidates of `parts` that are not known to be silent */
	EXTRA_HOT,    /* hosts that answered last time they were asked */
	EXTRA_BORDER, /* the same: does the border alone still answer? A verdict waits for it */
};

struct extra {
	enum extra_kind kind;
	uint8_t count;  /* probes */
	bool compares;  /* EXTRA_PART: also a cold host outside `parts` */
	unsigned parts; /* bit n for part n */
};

/* CHANCE: 0..1, drawn for this round; small values are left to the search for hosts. */
struct extra extra_wanted(const struct condition *cond, const struct condition_evidence *ce,
			  const struct block *block, double chance);

/* Whether this candidate of a part may be asked: it was not silent since the part answered. */
bool extra_is_new_host(const struct condition_evidence *ce, unsigned part, uint16_t host);

#endif
