/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a host of a block is asked: by which of its methods, how long an answer is waited
 * for, and how likely it is thought to answer. In a check that is what the target says;
 * in rounds it is what was learned.
 */
#include <math.h>

#include "infer/condition/rate_limit.h"
#include "vantage/state.h"

#define PATIENCE_MIN_NS BW_S
#define PATIENCE_RTTS 3
#define HEARSAY 0.5F           /* a target's word for a block counts so much until it answered */
#define OTHER_WAY 3            /* each such probe of a round uses another method than is known */
#define UNLIKELY 0.1F          /* that it is answered */
#define RESUMED 2              /* who is asked in a silence that goes on was silent so often */
#define GAP_ROUNDS 4           /* after such a gap ... */
#define AVAILABILITY_SURE 0.8F /* ... hosts below this are in doubt */

static int64_t patience_of(const struct vantage *v, uint32_t number)
{
	int64_t timeout = v->config.params.timeout_ns, patience;

	if (!vantage_has_rounds(v) || v->watches[number].srtt_us == 0)
		return timeout;
	patience = PATIENCE_RTTS * (int64_t)v->watches[number].srtt_us * BW_US;
	if (patience < PATIENCE_MIN_NS)
		patience = PATIENCE_MIN_NS;
	return patience < timeout ? patience : timeout;
}

struct probe request_probe(const struct vantage *v, uint32_t number, uint16_t host, unsigned turn)
{
	const struct roster *roster = v->config.roster;

	return (struct probe){
		.subject = number,
		.host = host,
		.egress = roster->networks[vantage_network_of(v, number)].egress,
		.dst = roster_host_addr(roster, number, host),
		.method = roster_method(roster, number, host, turn),
		.patience_us = (uint32_t)(patience_of(v, number) / BW_US),
	};
}

/*
 * Which of its methods a host is asked by: in a check one after the other; in rounds
 * a host that answered is asked as it was then, but for each third probe, so that
 * a new filter against one method is not taken for silence.
 */
unsigned request_turn(const struct vantage *v, uint32_t number, uint16_t host)
{
	const struct hotlist *hot = &v->blocks[number].hot;
	const struct evidence_log *x = &round_of(v, number)->x;
	unsigned turn =
		vantage_has_rounds(v) && hotlist_has(hot, host)
			? hotlist_method(hot, host) + (x->count % OTHER_WAY == OTHER_WAY - 1)
			: evidence_method(x, host, v->config.params.sample);

	return turn % roster_method_count(v->config.roster, number, host);
}

/* How often the host was silent just now, as far as is known. */
static unsigned silences_of(const struct block *block, const struct evidence_log *x, uint16_t host)
{
	bool asked = hotlist_has(&block->hot, host) || block->hosts <= EVIDENCE_MAX;
	unsigned silences = x->resumed && asked ? RESUMED : 0;

	for (unsigned i = 0; i < x->count; i++)
		silences += x->list[i].host == host && x->list[i].state != EVIDENCE_VOID;
	return silences;
}

/* In a check what the target says; in rounds what was learned, which ages while it is dark. */
float request_availability(const struct vantage *v, uint32_t number, uint16_t host, unsigned turn)
{
	const struct block *block = &v->blocks[number];
	const struct evidence_log *x = &round_of(v, number)->x;
	float learned = hotlist_availability(&block->hot, block->hosts, host);
	unsigned silences;

	if (!vantage_has_rounds(v))
		return roster_availability(v->config.roster, number, host);
	if (hotlist_has(&block->hot, host) && hotlist_method(&block->hot, host) != turn)
		return UNLIKELY;
	if (block->last_answer.ns == BLOCK_NEVER_ANSWERED.ns)
		return learned < HEARSAY ? learned : HEARSAY;
	if (block_is_down(block))
		return hotlist_aged(&block->hot, block->hosts, host,
				    bw_mono_since(v->now.mono, block->last_answer),
				    schedule_pace_ns(v, number));
	silences = silences_of(block, x, host);
	if (silences > 0)
		learned = fmaxf(hotlist_after_silences(&block->hot, learned, silences),
				fminf(learned, EVIDENCE_REPEATED));
	return learned * rate_limit_factor(&v->watches[number].condition, v->now.mono);
}

/* Who is still there after a time in which a block was not asked (blind, asleep, not running)? */
void request_doubt_after(struct vantage *v, uint32_t number, int64_t elapsed_ns)
{
	struct block *block = &v->blocks[number];
	int64_t pace_ns = schedule_pace_ns(v, number);

	if (block->hot.count > 0 && elapsed_ns > GAP_ROUNDS * pace_ns &&
	    hotlist_aged(&block->hot, block->hosts, block->hot.hosts[block->hot.count - 1],
			 elapsed_ns, pace_ns) < AVAILABILITY_SURE)
		hotlist_doubt_all(&block->hot);
}
