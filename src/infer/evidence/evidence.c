/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the first silence to dark.
 *
 * Three demands must be met, because each covers what the others do not:
 * 1. evidence: the sum of nats passes the threshold (random loss, hosts off);
 * 2. width: at least three distinct addresses, all if there are fewer (one
 *    host switched off is not a dark block);
 * 3. time: a second group of probes, sent `confirm` after the first one, is
 *    silent too (a loss burst hits all probes of one moment together).
 *
 * The pace: first probes 100 ms apart for the sample of a block of which
 * nothing is known, then follow-ups 1 s apart, closer together only where so
 * many are needed that the verdict would take too long (hosts that answer
 * rarely). Probes are asked for one at a time: the next is not wanted before
 * the last has left, so a slow pacer never lets a group pile up.
 *
 * On a bad line silence means less: `quality`, the share of expected replies
 * that the whole vantage gets at the time, scales what a silence weighs.
 *
 * Pure arithmetic on its arguments. A sum of log-likelihoods with a threshold is
 * Wald's sequential test (1945); its use for blocks is Trinocular's (Quan,
 * Heidemann, Pradkin, SIGCOMM 2013), which has neither 2 nor 3.
 */
#include "infer/evidence/evidence.h"

#include <math.h>
#include <stddef.h>

#include <blockwatch/err.h>

#include "infer/evidence/belief.h"

#define BEGAN_RISK 0.005
#define SCARE_SILENCES 3
#define SCARE_AVAILABILITY 0.8F
#define BRISK_PROBES 8        /* so many follow-ups fit at the usual pace */
#define GAP_MIN (250 * BW_MS) /* between any two follow-ups */

void evidence_begin(struct evidence_log *x, float prior, int64_t confirm_ns)
{
	*x = (struct evidence_log){
		.opened = BW_NEVER,
		.prior = prior,
		.confirm_ns = confirm_ns,
		.repeated = EVIDENCE_REPEATED,
		.delivered = 1,
	};
}

static unsigned attempts_of(const struct evidence_log *x, uint16_t host)
{
	unsigned attempts = 0;

	for (unsigned i = 0; i < x->count; i++)
		attempts += x->list[i].host == host && x->list[i].state != EVIDENCE_VOID;
	return attempts;
}

unsigned evidence_method(const struct evidence_log *x, uint16_t host, unsigned sample)
{
	for (unsigned i = x->count; i-- > 0;)
		if (x->list[i].host == host)
			return x->list[i].method + 1U;
	return x->count < sample ? 0 : x->count - sample + 1;
}

int evidence_ask(struct evidence_log *x, const struct evidence *probe, struct bw_mono now)
{
	unsigned attempts = attempts_of(x, probe->host);
	struct evidence *e = &x->list[x->count];

	if (x->count == EVIDENCE_MAX)
		return BW_ERR_LIMIT;
	x->asked = now;
	*e = *probe;
	e->attempt = (uint8_t)attempts;
	e->state = EVIDENCE_QUEUED;
	if (attempts || x->resumed)
		e->availability = fminf(e->availability, x->repeated);
	return x->count++;
}

void evidence_sent(struct evidence_log *x, unsigned index, struct bw_mono sent)
{
	x->list[index].sent = sent;
	x->list[index].state = EVIDENCE_WAITING;
	x->asked = sent;
	x->opened = bw_mono_min(x->opened, sent);
}

void evidence_settle(struct evidence_log *x, unsigned index, enum evidence_state state)
{
	x->list[index].state = (uint8_t)state;
}

unsigned evidence_count(const struct evidence_log *x, enum evidence_state state)
{
	unsigned count = 0;

	for (unsigned i = 0; i < x->count; i++)
		count += x->list[i].state == state;
	return count;
}

bool evidence_is_open(const struct evidence_log *x)
{
	return evidence_count(x, EVIDENCE_QUEUED) + evidence_count(x, EVIDENCE_WAITING) > 0;
}

static bool is_silent(const struct evidence *e, bool hopeless)
{
	return e->state == EVIDENCE_SILENT || (hopeless && e->state == EVIDENCE_WAITING);
}

float evidence_belief(const struct evidence_log *x, bool hopeless)
{
	float sum = x->prior;

	for (unsigned i = 0; i < x->count; i++) {
		const struct evidence *e = &x->list[i];

		if (e->state == EVIDENCE_REPLY)
			sum += belief_of_reply(e->availability);
		else if (is_silent(e, hopeless))
			sum += belief_of_silence(e->availability * x->delivered);
	}
	return sum;
}

static unsigned distinct_silent(const struct evidence_log *x, bool hopeless)
{
	unsigned distinct = 0;

	for (unsigned i = 0; i < x->count; i++)
		distinct += x->list[i].attempt == 0 && is_silent(&x->list[i], hopeless);
	return distinct;
}

/* Silent probes of the second group. */
static unsigned confirming(const struct evidence_log *x, bool hopeless)
{
	struct bw_mono from = bw_mono_add(x->opened, x->confirm_ns);
	unsigned count = 0;

	for (unsigned i = 0; i < x->count; i++)
		count += is_silent(&x->list[i], hopeless) && !bw_mono_before(x->list[i].sent, from);
	return count;
}

static bool is_wide(const struct evidence_log *x, const struct infer_params *params, unsigned hosts,
		    bool hopeless)
{
	unsigned need = hosts < params->distinct ? hosts : params->distinct;

	return distinct_silent(x, hopeless) >= need;
}

static bool is_strong(const struct evidence_log *x, const struct infer_params *params,
		      bool hopeless)
{
	return evidence_belief(x, hopeless) <= -params->dark_nats;
}

bool evidence_nears_dark(const struct evidence_log *x, const struct infer_params *params,
			 unsigned hosts)
{
	return is_strong(x, params, true) && is_wide(x, params, hosts, true);
}

/* Time between follow-ups, shorter when many will be needed. */
static int64_t gap(const struct evidence_log *x, const struct infer_params *params)
{
	float gained = x->prior - evidence_belief(x, true);
	float wanted = x->prior + params->dark_nats;
	float probes;
	int64_t ns;

	if (gained <= 0)
		return params->followup_ns;
	probes = (float)x->count * wanted / gained;
	if (probes <= BRISK_PROBES)
		return params->followup_ns;
	ns = (int64_t)((float)params->followup_ns * BRISK_PROBES / probes);
	return ns > GAP_MIN ? ns : GAP_MIN;
}

/* Nothing can leave: more of the same will not help. */
static bool is_hopeless(const struct evidence_log *x, const struct infer_params *params)
{
	return x->count >= params->distinct && evidence_count(x, EVIDENCE_VOID) == x->count;
}

bool evidence_is_widening(const struct evidence_log *x, const struct infer_params *params,
			  unsigned hosts)
{
	struct bw_mono next = bw_mono_add(x->asked, params->widen_gap_ns);

	return x->widens && x->count + params->group < params->probes_max &&
	       evidence_count(x, EVIDENCE_REPLY) == 0 && confirming(x, true) == 0 &&
	       bw_mono_before(next, bw_mono_add(x->opened, x->confirm_ns)) &&
	       evidence_nears_dark(x, params, hosts);
}

struct bw_mono evidence_next(const struct evidence_log *x, const struct infer_params *params,
			     unsigned hosts)
{
	unsigned sample = hosts < params->sample ? hosts : params->sample;
	struct bw_mono confirm_at = bw_mono_add(x->opened, x->confirm_ns);
	struct bw_mono at = bw_mono_add(x->asked, params->group_gap_ns);

	if (hosts == 0 || evidence_count(x, EVIDENCE_QUEUED) > 0)
		return BW_NEVER;
	if (x->count == 0)
		return x->asked;
	if (x->count < sample)
		return bw_mono_add(x->asked, params->sample_gap_ns);
	if (evidence_count(x, EVIDENCE_REPLY) > 0 || x->count >= params->probes_max ||
	    is_hopeless(x, params))
		return BW_NEVER;
	if (!evidence_nears_dark(x, params, hosts))
		return x->count + params->group < params->probes_max
			       ? bw_mono_add(x->asked, gap(x, params))
			       : BW_NEVER;
	if (confirming(x, true) >= params->group)
		return BW_NEVER;
	if (evidence_is_widening(x, params, hosts))
		return bw_mono_add(x->asked, params->widen_gap_ns);
	return bw_mono_before(at, confirm_at) ? confirm_at : at;
}

const struct evidence *evidence_first(const struct evidence_log *x, enum evidence_state state)
{
	const struct evidence *first = NULL;

	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].state == state &&
		    (!first || bw_mono_before(x->list[i].sent, first->sent)))
			first = &x->list[i];
	return first;
}

const struct evidence *evidence_last(const struct evidence_log *x, enum evidence_state state)
{
	const struct evidence *last = NULL;

	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].state == state &&
		    (!last || !bw_mono_before(x->list[i].sent, last->sent)))
			last = &x->list[i];
	return last;
}

bool evidence_is_back(const struct evidence_log *x, const struct infer_params *params)
{
	const struct evidence *first = evidence_first(x, EVIDENCE_REPLY);
	const struct evidence *last = evidence_last(x, EVIDENCE_REPLY);

	return first && bw_mono_since(last->sent, first->sent) >= params->confirm_ns;
}

void evidence_forget(struct evidence_log *x, struct bw_mono t)
{
	x->prior = 0;
	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].state == EVIDENCE_SILENT && bw_mono_before(x->list[i].sent, t))
			x->list[i].state = EVIDENCE_NEUTRAL;
}

struct bw_mono evidence_next_recovery(const struct evidence_log *x,
				      const struct infer_params *params, unsigned hosts)
{
	const struct evidence *reply = evidence_first(x, EVIDENCE_REPLY);
	unsigned sample = hosts < params->recovery ? hosts : params->recovery;
	struct bw_mono at = bw_mono_add(x->asked, params->followup_ns);
	struct bw_mono confirm_at;

	if (hosts == 0 || evidence_count(x, EVIDENCE_QUEUED) > 0 ||
	    x->count >= params->probes_max || is_hopeless(x, params) || evidence_is_back(x, params))
		return BW_NEVER;
	if (x->count == 0)
		return x->asked;
	if (!reply)
		return x->count < sample ? at : BW_NEVER;
	confirm_at = bw_mono_add(reply->sent, params->confirm_ns);
	return bw_mono_before(at, confirm_at) ? confirm_at : at;
}

bool evidence_is_false_alarm(const struct evidence_log *x)
{
	const struct evidence *reply = evidence_first(x, EVIDENCE_REPLY);
	unsigned silent = 0;

	for (unsigned i = 0; reply && i < x->count; i++)
		silent += x->list[i].availability >= SCARE_AVAILABILITY &&
			  is_silent(&x->list[i], true) &&
			  bw_mono_before(x->list[i].sent, reply->sent);
	return silent >= SCARE_SILENCES;
}

/* The next silence from INDEX on; count: there is none. */
static unsigned next_silence(const struct evidence_log *x, unsigned index)
{
	while (index < x->count && !is_silent(&x->list[index], true))
		index++;
	return index;
}

/*
 * Between two probes it may have begun at any moment; that it began after some of them
 * takes that these were lost by chance.
 */
struct bw_mono evidence_began_by(const struct evidence_log *x, struct bw_mono last_answer,
				 struct bw_mono now)
{
	unsigned i = next_silence(x, 0), next;
	double mass[EVIDENCE_MAX], before, after = 0, chance = 1;

	if (i == x->count)
		return BW_NEVER;
	before = (double)x->list[i].sent.ns - (double)last_answer.ns; /* it may be never */
	for (unsigned j = i; j < x->count; j = next) {
		const struct evidence *e = &x->list[j];

		next = next_silence(x, j + 1);
		chance *= exp((double)belief_of_silence(e->availability * x->delivered));
		mass[j] = chance * (double)bw_mono_since(next < x->count ? x->list[next].sent : now,
							 e->sent);
		after += mass[j];
	}
	for (; (next = next_silence(x, i + 1)) < x->count && after > BEGAN_RISK * (before + after);
	     i = next) {
		after -= mass[i];
		before += mass[i];
	}
	return x->list[i].sent;
}

bool evidence_is_dark(const struct evidence_log *x, const struct infer_params *params,
		      unsigned hosts)
{
	return hosts > 0 && is_strong(x, params, false) && is_wide(x, params, hosts, false) &&
	       confirming(x, false) >= params->group;
}
