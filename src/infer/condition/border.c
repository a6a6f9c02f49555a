/* SPDX-License-Identifier: Apache-2.0 */
/*
 * border-only: Trinocular calls it a lone live address (Quan, Heidemann, Pradkin, SIGCOMM
 * 2013) and models it as a small chance that a reply comes from a dark block. But that
 * address answers again and again, and its second reply says no more than its first.
 *
 * A block is border-only when one address answers several times while the others that used
 * to answer are silent, when these silences weigh as much as an outage, and when the TTL
 * differs from that of the others (the border is a hop nearer). From then on its replies are
 * no evidence. The block goes to dark in the usual way, with all three demands of
 * evidence.c, and only replies of other hosts bring it back. In a block of few hosts, or
 * with the TTL of the others, the last one that answers is an ordinary host.
 *
 * The other form is host-unreachable errors from one router. They count as silence anyway,
 * and the condition names their source.
 */
#include "infer/condition/border.h"

#include <math.h>

#include "infer/evidence/belief.h"

#define NATS_MIN 12.0F     /* weight of the silent hosts */
#define HOSTS_MIN 5        /* silent hosts that used to answer, beside a host that answers */
#define ANSWERS_MIN 3      /* of that host, in a row */
#define ERRORS_MIN 5       /* host-unreachable errors of one router, ... */
#define ERRORS_HOSTS_MIN 3 /* ... and silent hosts that used to answer */
#define OTHERS_MIN 2       /* answers of others that end the condition */
#define TWO_BITS_MAX 3
#define THREE_BITS_MAX 7

void border_restore(struct condition *cond)
{
	cond->last_host = CONDITION_ANY_HOST;
}

void border_unreachable(struct condition *cond, const struct bw_addr *from)
{
	uint16_t router = 0;

	for (unsigned i = 0; i < sizeof(from->bytes); i++)
		router = (uint16_t)(router * 31U + from->bytes[i]);
	if (router != cond->router)
		cond->errors = 0;
	cond->router = router;
	cond->errors += cond->errors < THREE_BITS_MAX;
}

bool border_meets(struct condition *cond, const struct condition_evidence *ce,
		  const struct block *block, uint16_t host, uint8_t ttl)
{
	if (!block_is_down(block))
		return false;
	if (cond->last_host != CONDITION_ANY_HOST &&
	    (condition_has(cond, BW_BORDER_ONLY) || border_quiet_sure(ce) < HOSTS_MIN ||
	     cond->ttl_votes == 0 || ttl == cond->ttl || hotlist_has(&block->hot, host)))
		return false;
	cond->last_host = host;
	cond->other_answers = 0;
	condition_set(cond, BW_BORDER_ONLY, true);
	return true;
}

bool border_is(const struct condition *cond, uint16_t host)
{
	return condition_has(cond, BW_BORDER_ONLY) && host == cond->last_host;
}

static void leave_border(struct condition *cond, struct condition_evidence *ce)
{
	ce->quiet = ce->quiet_sure = 0;
	ce->quiet_nats = 0;
	cond->last_host_answers = cond->other_answers = 0;
	condition_set(cond, BW_BORDER_ONLY, false);
}

unsigned border_quiet_sure(const struct condition_evidence *ce)
{
	return (unsigned)__builtin_popcount(ce->quiet_sure);
}

float border_quiet_nats(const struct condition_evidence *ce)
{
	return (float)ce->quiet_nats / CONDITION_NATS;
}

static void add_nats(struct condition_evidence *ce, float nats)
{
	float sum = (float)ce->quiet_nats + nats * CONDITION_NATS + 0.5F;

	ce->quiet_nats = (uint16_t)fminf(sum, UINT16_MAX);
}

/* Each host once: a second silence of who is off says nothing. */
void border_miss(struct condition *cond, struct condition_evidence *ce, const struct evidence *e,
		 float delivered, bool sure)
{
	uint32_t bit = UINT32_C(1) << e->host % 32;

	if (e->host == cond->last_host)
		cond->last_host_answers = 0;
	if (e->host == cond->last_host || (sure ? ce->quiet_sure : ce->quiet) & bit)
		return;
	ce->quiet |= bit;
	ce->quiet_sure |= sure ? bit : 0;
	add_nats(ce, -belief_of_silence(e->availability * delivered));
}

/* The answer of another than the last one: what was silent between the two still counts. */
static void change_host(struct condition *cond, struct condition_evidence *ce,
			const struct block *block, const struct evidence_log *log, unsigned index,
			float delivered)
{
	unsigned i = index;

	leave_border(cond, ce);
	cond->others_s = cond->heard_s;
	cond->last_host = log->list[index].host;
	while (i > 0 && log->list[i - 1].state != EVIDENCE_REPLY)
		i--;
	for (; i < index; i++)
		if (condition_is_telling(&log->list[i]))
			border_miss(cond, ce, &log->list[i], delivered,
				    hotlist_expects(&block->hot, log->list[i].host,
						    log->list[i].method));
}

void border_answer(struct condition *cond, struct condition_evidence *ce, const struct block *block,
		   const struct evidence_log *log, unsigned index, float delivered)
{
	uint16_t host = log->list[index].host;

	if (condition_has(cond, BW_BORDER_ONLY)) {
		cond->other_answers +=
			host != cond->last_host && cond->other_answers < TWO_BITS_MAX;
		if (cond->other_answers < OTHERS_MIN)
			return;
	}
	if (host != cond->last_host)
		change_host(cond, ce, block, log, index, delivered);
	cond->last_host_answers += cond->last_host_answers < TWO_BITS_MAX;
}

void border_judge(struct condition *cond, const struct condition_evidence *ce)
{
	unsigned sure = border_quiet_sure(ce);
	bool one_host = sure >= HOSTS_MIN && cond->last_host_answers >= ANSWERS_MIN &&
			cond->last_ttl != cond->ttl;
	bool errors = sure >= ERRORS_HOSTS_MIN && cond->errors >= ERRORS_MIN;

	if (condition_has(cond, BW_BORDER_ONLY) || border_quiet_nats(ce) < NATS_MIN ||
	    !(one_host || errors))
		return;
	cond->other_answers = 0;
	if (!one_host)
		cond->last_host = CONDITION_NO_HOST;
	condition_set(cond, BW_BORDER_ONLY, true);
}
