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
 * On a lossy path a silence means less: `delivered`, the share of expected replies that arrive
 * at this moment, scales the weight of each silence, and the belief is the mean over what the line
 * may be (line.h).
 *
 * A block may also be silent because all its known hosts have new addresses (renumbering). Where
 * that was seen before (evidence_log.moved), silence counts for dark only as far as this does
 * not explain it either: the silence of any other address does, by the share of them in use.
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

#define ALARM_SILENCES 3
#define ALARM_AVAILABILITY 0.8F
#define LOSSY 0.5F
#define NEGLIGIBLE_NATS 9.0F /* less than this adds nothing to a mean */

void evidence_begin(struct evidence_log *log, float prior, int64_t confirm_ns)
{
	*log = (struct evidence_log){
		.opened = BW_NEVER,
		.prior = prior,
		.rest = REST_NEVER,
		.moved = EVIDENCE_STAYED,
		.confirm_ns = confirm_ns,
		.repeated = EVIDENCE_REPEATED,
		.delivered = 1,
		.shared = INFINITY,
	};
	line_sound(log->line);
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

/* What an up block may be like: its hosts awake, at rest, or at other addresses. */
enum up_state { UP_AWAKE, UP_RESTING, UP_MOVED };

/* Of a piece that is silent. That a known host is silent is no surprise when all have moved. */
static float availability_in(const struct evidence_log *log, const struct evidence *e,
			     enum up_state state)
{
	switch (state) {
	case UP_AWAKE:
		return e->availability;
	case UP_RESTING:
		return e->resting;
	case UP_MOVED:
		break;
	}
	return e->cold && e->attempt == 0 ? log->density : 0;
}

/* The log-likelihood of all pieces, an up block in this state against a dark one. */
static float likelihood(const struct evidence_log *log, float share, enum up_state state,
			bool hopeless)
{
	float sum = 0;

	share = fminf(share, log->delivered);
	for (unsigned i = 0; i < log->count; i++) {
		const struct evidence *e = &log->list[i];

		if (e->state == EVIDENCE_REPLY)
			sum += belief_of_reply(state == UP_RESTING ? e->resting : e->availability);
		else if (is_silent(e, hopeless))
			sum += belief_of_silence(availability_in(log, e, state) * share);
	}
	return sum;
}

static bool may_have_moved(const struct evidence_log *log)
{
	return log->alone && log->moved != EVIDENCE_STAYED;
}

/* ln(e^A + e^B); either may be -INFINITY. */
static float add_logs(float a, float b)
{
	float more = fmaxf(a, b);

	return more == -INFINITY ? more : more + log1pf(expf(fminf(a, b) - more));
}

/* The mean over the states of the line; the replies of a log tell more than its state does. */
static float over_line(const struct evidence_log *log, enum up_state state, bool hopeless)
{
	float sum = -INFINITY;

	if (evidence_count(log, EVIDENCE_REPLY) > 0)
		return likelihood(log, evidence_delivered(log), state, hopeless);
	for (unsigned i = 0; i < LINE_STATES; i++) /* silences make none of them likelier */
		if (log->line[i] > sum - NEGLIGIBLE_NATS)
			sum = add_logs(sum, log->line[i] + likelihood(log, line_share(i), state,
								      hopeless));
	return sum;
}

/* The mean of the likelihoods of all states, by the belief in each. STAYED: none has moved. */
static float belief(const struct evidence_log *log, bool stayed, bool hopeless)
{
	float sum = over_line(log, UP_AWAKE, hopeless), total = 0;

	if (log->rest != REST_NEVER) {
		sum = add_logs(sum, log->rest + over_line(log, UP_RESTING, hopeless));
		total = add_logs(total, log->rest);
	}
	if (may_have_moved(log)) {
		if (!stayed)
			sum = add_logs(sum, log->moved + over_line(log, UP_MOVED, hopeless));
		total = add_logs(total, log->moved);
	}
	return log->prior + sum - total;
}

float evidence_belief(const struct evidence_log *log, bool hopeless)
{
	return belief(log, false, hopeless);
}

float evidence_delivered(const struct evidence_log *log)
{
	return fminf(log->delivered, line_mean_share(log->line));
}

float evidence_availability(const struct evidence_log *log, unsigned index)
{
	const struct evidence *e = &log->list[index];
	float rest = expf(evidence_rest(log)), share;

	share = isinf(rest) ? 1 : rest / (1 + rest);
	return e->availability + (e->resting - e->availability) * share;
}

float evidence_rest(const struct evidence_log *log)
{
	if (log->rest == REST_NEVER)
		return REST_NEVER;
	return log->rest + over_line(log, UP_RESTING, false) - over_line(log, UP_AWAKE, false);
}

float evidence_moved(const struct evidence_log *log)
{
	if (!may_have_moved(log))
		return log->moved;
	return log->moved + over_line(log, UP_MOVED, false) - over_line(log, UP_AWAKE, false);
}

bool evidence_shows_move(const struct evidence_log *log, const struct infer_params *params)
{
	const struct evidence *reply = evidence_first(log, EVIDENCE_REPLY);
	struct evidence_log before = *log;

	if (!reply || !reply->cold)
		return false;
	for (unsigned i = 0; i < log->count; i++)
		if (!bw_mono_before(log->list[i].sent, reply->sent))
			before.list[i].state = EVIDENCE_VOID;
	return belief(&before, true, false) <= -params->dark_nats;
}

static unsigned distinct_silent(const struct evidence_log *log, bool hopeless)
{
	unsigned distinct = 0;

	for (unsigned i = 0; i < log->count; i++)
		distinct += log->list[i].attempt == 0 && is_silent(&log->list[i], hopeless);
	return distinct;
}

unsigned evidence_confirming(const struct evidence_log *log, bool hopeless)
{
	struct bw_mono from = bw_mono_add(log->opened, log->confirm_ns);
	unsigned count = 0;

	for (unsigned i = 0; i < log->count; i++)
		count += is_silent(&log->list[i], hopeless) &&
			 !bw_mono_before(log->list[i].sent, from);
	return count;
}

/*
 * On a lossy line the silence of all siblings lasts for minutes until it is enough for dark: a
 * block adds that it is silent, too.
 */
static bool is_shared(const struct evidence_log *log, const struct infer_params *params)
{
	return log->shared <= -params->dark_nats && line_mean_share(log->line) < LOSSY;
}

unsigned evidence_group(const struct evidence_log *log, const struct infer_params *params)
{
	return is_shared(log, params) ? 1 : params->group;
}

static bool is_wide(const struct evidence_log *log, const struct infer_params *params,
		    unsigned hosts, bool hopeless)
{
	unsigned need = hosts < params->distinct ? hosts : params->distinct;

	return distinct_silent(log, hopeless) >= (is_shared(log, params) ? 1 : need);
}

static bool is_strong(const struct evidence_log *log, const struct infer_params *params,
		      bool hopeless)
{
	return fminf(evidence_belief(log, hopeless), log->shared) <= -params->dark_nats;
}

/* Strong, had the hosts not moved. */
static bool is_strong_if_stayed(const struct evidence_log *log, const struct infer_params *params)
{
	return fminf(belief(log, true, true), log->shared) <= -params->dark_nats;
}

bool evidence_is_explained_by_move(const struct evidence_log *log,
				   const struct infer_params *params)
{
	return may_have_moved(log) && evidence_count(log, EVIDENCE_REPLY) == 0 &&
	       is_strong_if_stayed(log, params) && !is_strong(log, params, true);
}

bool evidence_nears_dark(const struct evidence_log *log, const struct infer_params *params,
			 unsigned hosts)
{
	/* The cheaper question first: few logs are wide. */
	return (is_wide(log, params, hosts, true) && is_strong_if_stayed(log, params)) ||
	       (log->resumed && evidence_is_explained_by_move(log, params));
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

bool evidence_is_dark(const struct evidence_log *log, const struct infer_params *params,
		      unsigned hosts)
{
	return hosts > 0 && is_wide(log, params, hosts, false) &&
	       evidence_confirming(log, false) >= evidence_group(log, params) &&
	       is_strong(log, params, false);
}
