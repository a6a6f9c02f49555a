/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proxy: many distinct addresses answer with the same TTL after the same time, and hardly
 * any is silent. Where the candidates are all addresses of the block, that is enough. Where
 * they come from a list of hosts it is not, because a rack of servers looks the same: then
 * the TTL must be that of a router, above 128, so that it started at 255.
 *
 * What contradicts a single router adds to `unlike`, and each answer takes 1 back.
 */
#include "infer/condition/proxy.h"

#include "infer/condition/saturate.h"

#define HOSTS_MIN 8    /* candidates */
#define ENTER_COUNT 16 /* hosts that answered alike, or three quarters of them if there are few */
#define LEAVE_COUNT 6
#define HOST_TTL_MAX 128 /* above, the TTL started at 255 */
#define TTL_VOTES_MAX 15
#define RTT_SLACK_NS (2 * BW_MS)
#define RTT_SLACK_SHARE 16

/* What a contradiction adds: up to 3 % of silences and 6 % of late answers are tolerated. */
#define UNLIKE_SILENT 32
#define UNLIKE_RTT 16
#define UNLIKE_TTL 96

#define UNLIKE_ENTER 32   /* with more, the condition is not entered, ... */
#define UNLIKE_RESTART 72 /* ... with more, counting starts again, ... */
#define UNLIKE_LEAVE 200  /* ... also where the condition holds */

void proxy_restore(struct condition *cond)
{
	cond->alike = (UINT32_C(1) << LEAVE_COUNT) - 1;
}

void proxy_silence(struct condition *cond)
{
	saturate_add(&cond->unlike, UNLIKE_SILENT);
}

void proxy_reply(struct condition *cond, uint16_t host, uint8_t ttl, int64_t rtt_ns,
		 int64_t usual_ns)
{
	int64_t off = rtt_ns > usual_ns ? rtt_ns - usual_ns : usual_ns - rtt_ns;

	cond->last_ttl = ttl;
	if (cond->ttl_votes == 0)
		cond->ttl = ttl;
	if (ttl != cond->ttl) {
		cond->ttl_votes -= host != cond->last_host;
		saturate_add(&cond->unlike, UNLIKE_TTL);
		return;
	}
	cond->ttl_votes += cond->ttl_votes < TTL_VOTES_MAX;
	if (usual_ns > 0 && off > RTT_SLACK_NS + usual_ns / RTT_SLACK_SHARE) {
		saturate_add(&cond->unlike, UNLIKE_RTT);
		return;
	}
	cond->unlike -= cond->unlike > 0;
	cond->alike |= UINT32_C(1) << host % 32;
}

void proxy_judge(struct condition *cond, const struct block *block, bool listed)
{
	unsigned few = block->hosts * 3U / 4, count = (unsigned)__builtin_popcount(cond->alike);

	if (cond->unlike > (condition_has(cond, BW_PROXY) ? UNLIKE_LEAVE : UNLIKE_RESTART)) {
		cond->alike = 0;
		cond->unlike = 0;
		count = 0;
	}
	if (count < LEAVE_COUNT)
		condition_set(cond, BW_PROXY, false);
	else if (block->hosts >= HOSTS_MIN && cond->unlike <= UNLIKE_ENTER &&
		 count >= (few < ENTER_COUNT ? few : ENTER_COUNT) &&
		 (!listed || cond->ttl > HOST_TTL_MAX))
		condition_set(cond, BW_PROXY, true);
}
