/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/condition/extra.h"

#include "infer/condition/border.h"

#define PART_AGAIN 0.33 /* share of rounds in which a silent part is asked */
#define HOSTS_MIN 24    /* candidates, six a part: with fewer no extra probe is sent */
#define BORDER_LOOK 2   /* silent hosts and answers from which on others are asked too */
#define SALVO 4
#define SALVO_SHARE (1 / 256.0) /* of rounds */
#define SALVO_SHARE_SUSPECT (1 / 16.0)

struct extra extra_wanted(const struct condition *cond, const struct condition_evidence *ce,
			  const struct block *block, double chance)
{
	double share = ce->rate_limit > 0 ? SALVO_SHARE_SUSPECT : SALVO_SHARE;
	struct extra extra = {.kind = EXTRA_COLD};

	if (block->hosts < HOSTS_MIN || block->verdict != BW_UP)
		return extra;
	if (border_quiet_sure(ce) >= BORDER_LOOK && cond->last_host_answers >= BORDER_LOOK &&
	    cond->last_ttl != cond->ttl)
		return (struct extra){.kind = EXTRA_BORDER, .count = SALVO};
	extra.parts = chance < PART_AGAIN ? parts_wanted(&ce->parts, hotlist_cold_rate(&block->hot),
							 &extra.compares)
					  : 0;
	if (extra.parts) {
		extra.kind = EXTRA_PART;
		extra.count = 1;
	} else if (chance > 1 - share && hotlist_responsive(&block->hot) > SALVO) {
		extra.kind = EXTRA_HOT;
		extra.count = SALVO;
	}
	return extra;
}

bool extra_is_new_host(const struct condition_evidence *ce, unsigned part, uint16_t host)
{
	return parts_are_news(&ce->parts, part, host);
}
