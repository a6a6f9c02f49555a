/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a block answers. Four conditions, each with its own small memory:
 *
 * partial: parts.c.
 *
 * border-only: what Trinocular calls a last_host live address (Quan, Heidemann, Pradkin,
 * SIGCOMM 2013), there a small chance that a reply comes from a dark block. But
 * that address answers again and again, and its second reply says no more than its
 * first. So: when one address answers several times while all others that were
 * there are silent, and these weigh as much as an outage, and its TTL is not theirs
 * (the border is a hop nearer), its replies are no evidence any more. The block then
 * goes the usual way to dark, with all three demands of excursion.c, and only others
 * bring it back. In a block of few hosts, or with their TTL, the last one is a host
 * and proves as much as ever. The other form are errors, host unreachable, from one
 * router: they are silence anyway, and the condition names their source.
 *
 * proxy: many distinct addresses answer with the same TTL after the same time, and
 * hardly anyone is silent. Where the candidates are all addresses this is telling by
 * itself. Of candidates that somebody stated to be there it is not (a rack of servers
 * looks so), so these must answer with the TTL of a router: above 128, begun at 255.
 *
 * rate-limited: CUSUM (Page 1954) over probes that follow an answer within two or
 * three seconds, half of them silent against twice the share that is usual for spaced ones.
 * Follow-ups will not do: they are asked because somebody was silent or slow. So now
 * and then a round that was answered sends a salvo to other hosts that answered last
 * time. Of one round only so much counts: a burst of loss is one.
 *
 * Each condition comes at one threshold and goes at a lower one. Called by the vantage
 * at the end of each round, before hot list and belief learn from it.
 *
 * In most blocks nobody is missed at most times. What is only known of the others, their
 * unrest, is a struct of its own, so that whoever keeps both may forget it meanwhile.
 */
#include "infer/condition.h"

#include <math.h>

#include "infer/belief.h"

#define UNTELLING 0.15F /* the silence of less than that is not looked at */
#define STEPS 255.0F
#define MISSED_GAIN 0.0625F

#define PART_AGAIN 0.33 /* share of rounds in which a silent part is asked */
#define BLOCK_HOSTS 24  /* candidates, six a part: with fewer nobody is asked beside */

#define BORDER_NATS 12.0F
#define BORDER_SURE 5 /* hosts that answered before and are silent: many */
#define BORDER_ANSWERS 3
#define BORDER_LOOK 2 /* silent ones and answers, from which on others are asked beside */
#define BORDER_ERRORS 5
#define BORDER_ERRORS_SURE 3
#define BORDER_STRANGERS 2
#define FEW_MAX 3    /* where counts of two bits end, ... */
#define ERRORS_MAX 7 /* ... and one of three */

#define PROXY_HOSTS 8  /* candidates, at least */
#define PROXY_ENTER 16 /* of them answered alike, or three quarters if there are few */
#define PROXY_LEAVE 6
#define ROUTER_TTL 128 /* above: it began at 255 */
#define TTL_VOTES 15
#define RTT_SLACK_NS (2 * BW_MS)
#define RTT_SLACK_SHARE 16
#define UNLIKE_SILENT 32 /* an answer takes 1 back: 3 % of silence are borne, ... */
#define UNLIKE_RTT 16    /* ... and 6 % of answers that come late */
#define UNLIKE_TTL 96
#define UNLIKE_ENTER 32  /* with more it is not said, ... */
#define UNLIKE_ANEW 72   /* ... with more all begins anew, ... */
#define UNLIKE_LEAVE 200 /* ... also where it was said */

#define CLOSE_NS (3 * BW_S)   /* a probe so soon after an answered one is close, ... */
#define SPACED_NS (10 * BW_S) /* ... one so late spaced */
#define RATION_FAILS 0.5F
#define RATION_USUAL 0.1F /* of close probes fail anyway, or twice the share of spaced ones */
#define RATION_USUAL_MAX 0.4F
#define RATION_ROUND 2.5F /* nats, at most, of one round */
#define RATION_ENTER 8.0F
#define RATION_LEAVE 2.0F
#define RATION_MAX 12.0F
#define RATION_WEIGHT 0.5F
#define SALVO 4
#define SALVO_SHARE (1 / 256.0) /* of rounds */
#define SALVO_SHARE_SUSPECT (1 / 16.0)

void condition_init(struct condition *m)
{
	*m = (struct condition){
		.last_host = CONDITION_NO_HOST,
	};
}

struct condition_evidence condition_evidence_none(const struct condition *m)
{
	return (struct condition_evidence){.parts.inhabited = m->inhabited};
}

/* Counts of cold hosts elsewhere begin anew with the next one that is missed. */
bool condition_evidence_is_empty(const struct condition_evidence *u)
{
	return u->quiet == 0 && u->ration <= 0 && parts_are_calm(&u->parts);
}

void condition_restore(struct condition *m, struct condition_evidence *u, unsigned conditions)
{
	conditions &= CONDITION_CONDITIONS & ~(unsigned)BW_PARTIAL;
	if (conditions & BW_BORDER_ONLY)
		m->last_host = CONDITION_ANY_HOST;
	if (conditions & BW_PROXY)
		m->alike = (UINT32_C(1) << PROXY_LEAVE) - 1;
	if (conditions & BW_RATE_LIMITED)
		u->ration = RATION_ENTER;
	m->conditions = conditions & 0xfff;
}

static uint32_t seconds_of(struct bw_mono t)
{
	return t.ns > BW_S ? (uint32_t)(t.ns / BW_S) : 1;
}

static int64_t since_heard(const struct condition *m, struct bw_mono t)
{
	return m->heard_s ? t.ns - (int64_t)m->heard_s * BW_S : INT64_MAX;
}

static bool is_on(const struct condition *m, unsigned condition)
{
	return (m->conditions & condition) != 0;
}

static void set(struct condition *m, unsigned condition, bool on)
{
	m->conditions = (on ? m->conditions | condition : m->conditions & ~condition) & 0xfff;
}

static void add_to(uint8_t *value, unsigned more)
{
	*value = (uint8_t)(*value + more > UINT8_MAX ? UINT8_MAX : *value + more);
}

static void learn_share(uint8_t *share, bool hit, float gain)
{
	float value = (float)*share;

	*share = (uint8_t)lrintf(value + ((hit ? STEPS : 0) - value) * gain);
}

/* It answered when it was asked last, in the way that it is asked now. */
static bool is_sure(const struct block *block, const struct evidence *e)
{
	return hotlist_is_responsive(&block->hot, e->host) &&
	       e->method == hotlist_method(&block->hot, e->host);
}

void condition_count_reply(struct condition *m, uint16_t host, uint8_t ttl, int64_t rtt_ns,
			   int64_t usual_ns)
{
	int64_t off = rtt_ns > usual_ns ? rtt_ns - usual_ns : usual_ns - rtt_ns;

	m->errors = 0;
	m->last_ttl = ttl;
	if (m->ttl_votes == 0)
		m->ttl = ttl;
	if (ttl != m->ttl) {
		m->ttl_votes -= host != m->last_host;
		add_to(&m->unlike, UNLIKE_TTL);
		return;
	}
	m->ttl_votes += m->ttl_votes < TTL_VOTES;
	if (usual_ns > 0 && off > RTT_SLACK_NS + usual_ns / RTT_SLACK_SHARE) {
		add_to(&m->unlike, UNLIKE_RTT);
		return;
	}
	m->unlike -= m->unlike > 0;
	m->alike |= UINT32_C(1) << host % 32;
}

bool condition_meets_border(struct condition *m, const struct condition_evidence *u,
			    const struct block *block, uint16_t host, uint8_t ttl)
{
	if (!block_is_down(block))
		return false;
	if (m->last_host != CONDITION_ANY_HOST &&
	    (is_on(m, BW_BORDER_ONLY) || u->quiet_sure < BORDER_SURE || m->ttl_votes == 0 ||
	     ttl == m->ttl || hotlist_has(&block->hot, host)))
		return false;
	m->last_host = host;
	m->other_answers = 0;
	set(m, BW_BORDER_ONLY, true);
	return true;
}

void condition_count_unreachable(struct condition *m, const struct bw_addr *from)
{
	uint16_t router = 0;

	for (unsigned i = 0; i < sizeof(from->bytes); i++)
		router = (uint16_t)(router * 31U + from->bytes[i]);
	if (router != m->router)
		m->errors = 0;
	m->router = router;
	m->errors += m->errors < ERRORS_MAX;
}

bool condition_is_border(const struct condition *m, uint16_t host)
{
	return is_on(m, BW_BORDER_ONLY) && host == m->last_host;
}

static void judge_parts(struct condition *m, struct condition_evidence *u,
			const struct block *block, unsigned heard)
{
	parts_judge(&u->parts, heard, hotlist_cold_rate(&block->hot));
	set(m, BW_PARTIAL, parts_are_partial(&u->parts) && !is_on(m, BW_BORDER_ONLY));
	m->inhabited = u->parts.inhabited;
}

static void leave_border(struct condition *m, struct condition_evidence *u)
{
	u->quiet = 0;
	u->nats = 0;
	u->quiet_sure = 0;
	m->last_host_answers = m->other_answers = 0;
	set(m, BW_BORDER_ONLY, false);
}

/* Each host once: a second silence of who is off says nothing. */
static void miss_lone(struct condition *m, struct condition_evidence *u, const struct evidence *e,
		      float delivered, bool sure)
{
	uint32_t bit = UINT32_C(1) << e->host % 32;

	if (e->host == m->last_host)
		m->last_host_answers = 0;
	if (e->host == m->last_host || u->quiet & bit)
		return;
	u->quiet |= bit;
	u->nats -= belief_of_silence(e->availability * delivered);
	add_to(&u->quiet_sure, sure);
}

static bool is_telling(const struct evidence *e)
{
	return e->state == EVIDENCE_SILENT && e->attempt == 0 && e->availability >= UNTELLING;
}

/*
 * The answer of another than the last one: what was silent between the two still counts. It
 * is gone through in the order of asking, for a cold host may hide one that is sure to be
 * there: quiet has 32 bits.
 */
static void change_lone(struct condition *m, struct condition_evidence *u,
			const struct block *block, const struct evidence_log *x, unsigned index)
{
	unsigned i = index;

	leave_border(m, u);
	m->others_s = m->heard_s;
	m->last_host = x->list[index].host;
	while (i > 0 && x->list[i - 1].state != EVIDENCE_REPLY)
		i--;
	for (; i < index; i++)
		if (is_telling(&x->list[i]))
			miss_lone(m, u, &x->list[i], x->delivered, is_sure(block, &x->list[i]));
}

static void hear_lone(struct condition *m, struct condition_evidence *u, const struct block *block,
		      const struct evidence_log *x, unsigned index)
{
	uint16_t host = x->list[index].host;

	if (is_on(m, BW_BORDER_ONLY)) {
		m->other_answers += host != m->last_host && m->other_answers < FEW_MAX;
		if (m->other_answers < BORDER_STRANGERS)
			return;
	}
	if (host != m->last_host)
		change_lone(m, u, block, x, index);
	m->last_host_answers += m->last_host_answers < FEW_MAX;
}

static void judge_border(struct condition *m, const struct condition_evidence *u)
{
	bool last_host = u->quiet_sure >= BORDER_SURE && m->last_host_answers >= BORDER_ANSWERS &&
			 m->last_ttl != m->ttl;
	bool errors = u->quiet_sure >= BORDER_ERRORS_SURE && m->errors >= BORDER_ERRORS;

	if (is_on(m, BW_BORDER_ONLY) || u->nats < BORDER_NATS || !(last_host || errors))
		return;
	m->other_answers = 0;
	if (!last_host)
		m->last_host = CONDITION_NO_HOST;
	set(m, BW_BORDER_ONLY, true);
}

static void judge_proxy(struct condition *m, const struct block *block, bool stated)
{
	unsigned few = block->hosts * 3U / 4, count = (unsigned)__builtin_popcount(m->alike);

	if (m->unlike > (is_on(m, BW_PROXY) ? UNLIKE_LEAVE : UNLIKE_ANEW)) {
		m->alike = 0;
		m->unlike = 0;
		count = 0;
	}
	if (count < PROXY_LEAVE)
		set(m, BW_PROXY, false);
	else if (block->hosts >= PROXY_HOSTS && m->unlike <= UNLIKE_ENTER &&
		 count >= (few < PROXY_ENTER ? few : PROXY_ENTER) &&
		 (!stated || m->ttl > ROUTER_TTL))
		set(m, BW_PROXY, true);
}

/* What one probe to a host that is there says of rationing, in nats. */
static float ration_of(struct condition *m, const struct evidence *e, bool wished)
{
	int64_t gap = since_heard(m, e->sent);
	bool answered = e->state == EVIDENCE_REPLY;
	float usual = fmaxf(2 * (float)m->missed / STEPS, RATION_USUAL);

	if (gap >= SPACED_NS)
		learn_share(&m->missed, !answered, MISSED_GAIN);
	if (!wished || gap >= CLOSE_NS || usual > RATION_USUAL_MAX)
		return 0;
	return answered ? logf(RATION_FAILS / (1 - usual)) : logf(RATION_FAILS / usual);
}

static void judge_ration(struct condition *m, struct condition_evidence *u, float nats)
{
	u->ration = fminf(fmaxf(u->ration + fminf(nats, RATION_ROUND), 0), RATION_MAX);
	if (u->ration >= RATION_ENTER)
		set(m, BW_RATE_LIMITED, true);
	else if (u->ration < RATION_LEAVE)
		set(m, BW_RATE_LIMITED, false);
}

void condition_learn(struct condition *m, struct condition_evidence *u, const struct block *block,
		     const struct evidence_log *x, const struct condition_round *asked)
{
	bool up = evidence_count(x, EVIDENCE_REPLY) > 0, news = false;
	unsigned heard = 0, missed = 0;
	float ration = 0;

	for (unsigned i = 0; i < x->count; i++) {
		const struct evidence *e = &x->list[i];
		bool sure = is_sure(block, e), answered = e->state == EVIDENCE_REPLY;

		if (!answered && !is_telling(e))
			continue;
		if (up && sure)
			ration += ration_of(m, e, asked->extra >> i & 1);
		if (answered) {
			news = news || e->host != m->last_host;
			heard |= 1U << e->part;
			parts_hear(&u->parts, e->part, !sure);
			hear_lone(m, u, block, x, i);
			m->heard_s = seconds_of(e->sent);
			continue;
		}
		if (up) {
			missed |= 1U << e->part;
			parts_miss(&u->parts, e->part, e->host,
				   sure ? -belief_of_silence(e->availability * x->delivered) : 0);
		}
		miss_lone(m, u, e, x->delivered, sure);
		add_to(&m->unlike, UNLIKE_SILENT);
	}
	if (up)
		parts_age(&u->parts, missed);
	judge_border(m, u);
	judge_parts(m, u, block, news ? heard : 0);
	judge_proxy(m, block, asked->listed);
	judge_ration(m, u, ration);
}

void condition_neutralise(const struct condition *m, const struct condition_round *asked,
			  struct evidence_log *x)
{
	struct bw_mono answered = {INT64_MIN / 2};

	for (unsigned i = 0; i < x->count; i++) {
		struct evidence *e = &x->list[i];

		if (e->state == EVIDENCE_REPLY)
			answered = e->sent;
		else if (e->state == EVIDENCE_SILENT &&
			 (asked->extra >> i & 1 || (is_on(m, BW_RATE_LIMITED) &&
						    bw_mono_since(e->sent, answered) < SPACED_NS)))
			e->state = EVIDENCE_NEUTRAL;
	}
}

float condition_rate_limit_factor(const struct condition *m, struct bw_mono now)
{
	return is_on(m, BW_RATE_LIMITED) && since_heard(m, now) < SPACED_NS ? RATION_WEIGHT : 1;
}

unsigned condition_silent_parts(const struct condition *m, const struct condition_evidence *u)
{
	return is_on(m, BW_PARTIAL) ? u->parts.gone : 0;
}

struct condition_extra condition_extra_probes(const struct condition *m,
					      const struct condition_evidence *u,
					      const struct block *block, double chance)
{
	double share = u->ration > 0 ? SALVO_SHARE_SUSPECT : SALVO_SHARE;
	struct condition_extra wish = {.kind = EXTRA_COLD};

	if (block->hosts < BLOCK_HOSTS || block->verdict != BW_UP)
		return wish;
	if (u->quiet_sure >= BORDER_LOOK && m->last_host_answers >= BORDER_LOOK &&
	    m->last_ttl != m->ttl)
		return (struct condition_extra){.kind = EXTRA_HOT, .count = SALVO};
	wish.parts = chance < PART_AGAIN ? parts_wanted(&u->parts, hotlist_cold_rate(&block->hot),
							&wish.compares)
					 : 0;
	if (wish.parts) {
		wish.kind = EXTRA_PART;
		wish.count = 1;
	} else if (chance > 1 - share && hotlist_responsive(&block->hot) > SALVO) {
		wish.kind = EXTRA_HOT;
		wish.count = SALVO;
	}
	return wish;
}

bool condition_is_new_host(const struct condition_evidence *u, unsigned part, uint16_t host)
{
	return parts_are_news(&u->parts, part, host);
}
