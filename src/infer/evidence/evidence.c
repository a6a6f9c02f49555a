/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the first silence to dark.
 *
 * A block is dark when its silence meets three demands. Each covers what the others do not:
 * 1. strength: the sum of the evidence in nats passes a threshold (against random loss and
 *    single hosts that are switched off);
 * 2. width: at least three distinct addresses are silent, or all if there are fewer (a host
 *    that is switched off is not a dark block);
 * 3. time: a second group of probes, `confirm` after the first, is silent too (a burst of
 *    loss hits all probes of one moment together).
 *
 * The first probes to a block of which nothing is known are 100 ms apart. Follow-ups are 1 s
 * apart, or closer where hosts answer rarely and many probes are needed. The next probe is due
 * only when the last one has left, so that a slow pacer never makes a group pile up.
 *
 * On a lossy path a silence means less: `delivered`, the share of expected replies that arrive
 * at present, scales the weight of each silence.
 *
 * Pure arithmetic on its arguments. A sum of log-likelihoods with a threshold is Wald's
 * sequential test (1945). Trinocular uses it for blocks (Quan, Heidemann, Pradkin, SIGCOMM
 * 2013), without demands 2 and 3.
 */
#include "infer/evidence/evidence.h"

#include <math.h>
#include <stddef.h>

#include <blockwatch/err.h>

#include "infer/evidence/belief.h"
#include "infer/evidence/rest.h"

#define BEGAN_RISK 0.001
#define ALARM_SILENCES 3
#define ALARM_AVAILABILITY 0.8F
#define BRISK_PROBES 8        /* with more follow-ups than this they come faster */
#define GAP_MIN (250 * BW_MS) /* between any two follow-ups */

void evidence_begin(struct evidence_log *log, float prior, int64_t confirm_ns)
{
	*log = (struct evidence_log){
		.opened = BW_NEVER,
		.prior = prior,
		.rest = REST_NEVER,
		.confirm_ns = confirm_ns,
		.repeated = EVIDENCE_REPEATED,
		.delivered = 1,
		.shared = INFINITY,
	};
}

static unsigned attempts_of(const struct evidence_log *log, uint16_t host)
{
	unsigned attempts = 0;

	for (unsigned i = 0; i < log->count; i++)
		attempts += log->list[i].host == host && log->list[i].state != EVIDENCE_VOID;
	return attempts;
}

unsigned evidence_method(const struct evidence_log *log, uint16_t host, unsigned sample)
{
	for (unsigned i = log->count; i-- > 0;)
		if (log->list[i].host == host)
			return log->list[i].method + 1U;
	return log->count < sample ? 0 : log->count - sample + 1;
}

int evidence_ask(struct evidence_log *log, const struct evidence *probe, struct bw_mono now)
{
	unsigned attempts = attempts_of(log, probe->host);
	struct evidence *e = &log->list[log->count];

	if (log->count == EVIDENCE_MAX)
		return BW_ERR_LIMIT;
	log->asked = now;
	*e = *probe;
	e->attempt = (uint8_t)attempts;
	e->state = EVIDENCE_QUEUED;
	if (attempts || log->resumed)
		e->availability = fminf(e->availability, log->repeated);
	e->resting = fminf(e->resting, e->availability);
	return log->count++;
}

void evidence_sent(struct evidence_log *log, unsigned index, struct bw_mono sent)
{
	log->list[index].sent = sent;
	log->list[index].state = EVIDENCE_WAITING;
	log->asked = sent;
	log->opened = bw_mono_min(log->opened, sent);
}

void evidence_settle(struct evidence_log *log, unsigned index, enum evidence_state state)
{
	log->list[index].state = (uint8_t)state;
}

bool evidence_is_open(const struct evidence_log *log)
{
	return evidence_count(log, EVIDENCE_QUEUED) + evidence_count(log, EVIDENCE_WAITING) > 0;
}

static bool is_silent(const struct evidence *e, bool hopeless)
{
	return e->state == EVIDENCE_SILENT || (hopeless && e->state == EVIDENCE_WAITING);
}

/* The log-likelihood of all pieces, up against dark: with their hosts awake, or at rest. */
static float likelihood(const struct evidence_log *log, bool at_rest, bool hopeless)
{
	float sum = 0;

	for (unsigned i = 0; i < log->count; i++) {
		const struct evidence *e = &log->list[i];
		float availability = at_rest ? e->resting : e->availability;

		if (e->state == EVIDENCE_REPLY)
			sum += belief_of_reply(availability);
		else if (is_silent(e, hopeless))
			sum += belief_of_silence(availability * log->delivered);
	}
	return sum;
}

float evidence_belief(const struct evidence_log *log, bool hopeless)
{
	float awake = likelihood(log, false, hopeless), rest, more;

	if (log->rest == REST_NEVER)
		return log->prior + awake;
	/* The mean of the two likelihoods, by the belief in either. */
	rest = log->rest + likelihood(log, true, hopeless);
	more = fmaxf(awake, rest);
	return log->prior + more + logf(expf(awake - more) + expf(rest - more)) -
	       log1pf(expf(log->rest));
}

float evidence_weight(const struct evidence_log *log, unsigned index)
{
	struct evidence_log without;

	if (log->list[index].state != EVIDENCE_SILENT)
		return 0;
	without = *log;
	without.list[index].state = EVIDENCE_VOID;
	return evidence_belief(&without, false) - evidence_belief(log, false);
}

float evidence_rest(const struct evidence_log *log)
{
	if (log->rest == REST_NEVER)
		return REST_NEVER;
	return log->rest + likelihood(log, true, false) - likelihood(log, false, false);
}

static unsigned distinct_silent(const struct evidence_log *log, bool hopeless)
{
	unsigned distinct = 0;

	for (unsigned i = 0; i < log->count; i++)
		distinct += log->list[i].attempt == 0 && is_silent(&log->list[i], hopeless);
	return distinct;
}

/* Silent probes of the second group. */
static unsigned confirming(const struct evidence_log *log, bool hopeless)
{
	struct bw_mono from = bw_mono_add(log->opened, log->confirm_ns);
	unsigned count = 0;

	for (unsigned i = 0; i < log->count; i++)
		count += is_silent(&log->list[i], hopeless) &&
			 !bw_mono_before(log->list[i].sent, from);
	return count;
}

static bool is_wide(const struct evidence_log *log, const struct infer_params *params,
		    unsigned hosts, bool hopeless)
{
	unsigned need = hosts < params->distinct ? hosts : params->distinct;

	return distinct_silent(log, hopeless) >= need;
}

static bool is_strong(const struct evidence_log *log, const struct infer_params *params,
		      bool hopeless)
{
	return fminf(evidence_belief(log, hopeless), log->shared) <= -params->dark_nats;
}

bool evidence_nears_dark(const struct evidence_log *log, const struct infer_params *params,
			 unsigned hosts)
{
	/* The cheaper question first: few logs are wide. */
	return is_wide(log, params, hosts, true) && is_strong(log, params, true);
}

/* Time between follow-ups; shorter when many are needed. */
static int64_t gap(const struct evidence_log *log, const struct infer_params *params)
{
	float gained = log->prior - evidence_belief(log, true);
	float wanted = log->prior + params->dark_nats;
	float probes;
	int64_t ns;

	if (gained <= 0)
		return params->followup_ns;
	probes = (float)log->count * wanted / gained;
	if (probes <= BRISK_PROBES)
		return params->followup_ns;
	ns = (int64_t)((float)params->followup_ns * BRISK_PROBES / probes);
	return ns > GAP_MIN ? ns : GAP_MIN;
}

/* No probe can be sent, so that more of them will not help. */
static bool is_hopeless(const struct evidence_log *log, const struct infer_params *params)
{
	return log->count >= params->distinct && evidence_count(log, EVIDENCE_VOID) == log->count;
}

/* As evidence_is_widening(), of a log that nears dark. */
static bool has_time_to_widen(const struct evidence_log *log, const struct infer_params *params)
{
	struct bw_mono next = bw_mono_add(log->asked, params->widen_gap_ns);

	return log->widens && log->count + params->group < params->probes_max &&
	       evidence_count(log, EVIDENCE_REPLY) == 0 && confirming(log, true) == 0 &&
	       bw_mono_before(next, bw_mono_add(log->opened, log->confirm_ns));
}

bool evidence_is_widening(const struct evidence_log *log, const struct infer_params *params,
			  unsigned hosts)
{
	return has_time_to_widen(log, params) && evidence_nears_dark(log, params, hosts);
}

struct bw_mono evidence_next(const struct evidence_log *log, const struct infer_params *params,
			     unsigned hosts)
{
	unsigned sample = hosts < params->sample ? hosts : params->sample;
	struct bw_mono confirm_at = bw_mono_add(log->opened, log->confirm_ns);
	struct bw_mono at = bw_mono_add(log->asked, params->group_gap_ns);

	if (hosts == 0 || evidence_count(log, EVIDENCE_QUEUED) > 0)
		return BW_NEVER;
	if (log->count == 0)
		return log->asked;
	if (log->count < sample)
		return bw_mono_add(log->asked, params->sample_gap_ns);
	if (evidence_count(log, EVIDENCE_REPLY) > 0 || log->count >= params->probes_max ||
	    is_hopeless(log, params))
		return BW_NEVER;
	if (!evidence_nears_dark(log, params, hosts))
		return log->count + params->group < params->probes_max
			       ? bw_mono_add(log->asked, gap(log, params))
			       : BW_NEVER;
	if (confirming(log, true) >= params->group)
		return BW_NEVER;
	if (has_time_to_widen(log, params))
		return bw_mono_add(log->asked, params->widen_gap_ns);
	return bw_mono_before(at, confirm_at) ? confirm_at : at;
}

const struct evidence *evidence_first(const struct evidence_log *log, enum evidence_state state)
{
	const struct evidence *first = NULL;

	for (unsigned i = 0; i < log->count; i++)
		if (log->list[i].state == state &&
		    (!first || bw_mono_before(log->list[i].sent, first->sent)))
			first = &log->list[i];
	return first;
}

const struct evidence *evidence_last(const struct evidence_log *log, enum evidence_state state)
{
	const struct evidence *last = NULL;

	for (unsigned i = 0; i < log->count; i++)
		if (log->list[i].state == state &&
		    (!last || !bw_mono_before(log->list[i].sent, last->sent)))
			last = &log->list[i];
	return last;
}

bool evidence_is_back(const struct evidence_log *log, const struct infer_params *params)
{
	const struct evidence *first = evidence_first(log, EVIDENCE_REPLY);
	const struct evidence *last = evidence_last(log, EVIDENCE_REPLY);

	return first && bw_mono_since(last->sent, first->sent) >= params->confirm_ns;
}

void evidence_forget(struct evidence_log *log, struct bw_mono t, float prior)
{
	log->prior = prior;
	for (unsigned i = 0; i < log->count; i++)
		if (log->list[i].state == EVIDENCE_SILENT && bw_mono_before(log->list[i].sent, t))
			log->list[i].state = EVIDENCE_NEUTRAL;
}

struct bw_mono evidence_next_recovery(const struct evidence_log *log,
				      const struct infer_params *params, unsigned hosts)
{
	const struct evidence *reply = evidence_first(log, EVIDENCE_REPLY);
	unsigned sample = hosts < params->recovery ? hosts : params->recovery;
	struct bw_mono at = bw_mono_add(log->asked, params->followup_ns);
	struct bw_mono confirm_at;

	if (hosts == 0 || evidence_count(log, EVIDENCE_QUEUED) > 0 ||
	    log->count >= params->probes_max || is_hopeless(log, params) ||
	    evidence_is_back(log, params))
		return BW_NEVER;
	if (log->count == 0)
		return log->asked;
	if (!reply)
		return log->count < sample ? at : BW_NEVER;
	confirm_at = bw_mono_add(reply->sent, params->confirm_ns);
	return bw_mono_before(at, confirm_at) ? confirm_at : at;
}

bool evidence_is_false_alarm(const struct evidence_log *log)
{
	const struct evidence *reply = evidence_first(log, EVIDENCE_REPLY);
	unsigned silent = 0;

	for (unsigned i = 0; reply && i < log->count; i++)
		silent += log->list[i].availability >= ALARM_AVAILABILITY &&
			  is_silent(&log->list[i], true) &&
			  bw_mono_before(log->list[i].sent, reply->sent);
	return silent >= ALARM_SILENCES;
}

/* The index of the next silence from INDEX on; log->count: none. */
static unsigned next_silence(const struct evidence_log *log, unsigned index)
{
	while (index < log->count && !is_silent(&log->list[index], true))
		index++;
	return index;
}

/*
 * The silence may have begun at any moment between two probes. If it began after a silent
 * probe, that probe was lost by chance, which makes it less likely.
 */
struct bw_mono evidence_began_by(const struct evidence_log *log, struct bw_mono last_answer,
				 struct bw_mono now)
{
	unsigned i = next_silence(log, 0), next;
	double mass[EVIDENCE_MAX], before, after = 0, chance = 1;

	if (i == log->count)
		return BW_NEVER;
	before = (double)log->list[i].sent.ns - (double)last_answer.ns; /* it may be never */
	for (unsigned j = i; j < log->count; j = next) {
		const struct evidence *e = &log->list[j];

		next = next_silence(log, j + 1);
		chance *= exp((double)belief_of_silence(e->availability * log->delivered));
		mass[j] = chance *
			  (double)bw_mono_since(next < log->count ? log->list[next].sent : now,
						e->sent);
		after += mass[j];
	}
	for (; (next = next_silence(log, i + 1)) < log->count &&
	       after > BEGAN_RISK * (before + after);
	     i = next) {
		after -= mass[i];
		before += mass[i];
	}
	return log->list[i].sent;
}

bool evidence_is_dark(const struct evidence_log *log, const struct infer_params *params,
		      unsigned hosts)
{
	return hosts > 0 && is_wide(log, params, hosts, false) &&
	       confirming(log, false) >= params->group && is_strong(log, params, false);
}
