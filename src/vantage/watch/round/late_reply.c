/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/round/late_reply.h"

#include "vantage/watch/round/request.h"
#include "vantage/watch/round/round.h"

/* The number of the method by which REPLY came, among those of its host. */
static unsigned method_of(const struct roster *roster, const struct outcome *reply)
{
	uint32_t block = reply->probe.subject;
	unsigned count = roster_method_count(roster, block, reply->probe.host);

	for (unsigned i = 1; i < count; i++)
		if (bw_method_equal(roster_method(roster, block, reply->probe.host, i),
				    reply->probe.method))
			return i;
	return 0;
}

/* The probe of REPLY, as a piece of evidence of ROUND. */
static struct evidence evidence_of(struct watch *w, const struct round *round,
				   const struct outcome *reply)
{
	uint32_t block = reply->probe.subject;
	struct request request = w->ops->request(w, block, round, reply->probe.host);

	request.method = method_of(w->ledger->config.roster, reply);
	request.probe.method = reply->probe.method;
	return request_evidence(w->ledger, block, &request);
}

/* The memory of blocks whose answers are never late is not touched: there may be millions. */
void late_reply_learn(struct ledger *l, const struct outcome *reply)
{
	uint32_t block = reply->probe.subject;
	struct joint *joint = &l->joints[ledger_target_of(l, block)];
	struct lateness *own = &l->lateness[block];
	int64_t timeout_ns = l->config.params.timeout_ns;

	lateness_note(&joint->lateness, LATENESS_TARGET, timeout_ns, reply->rtt_ns);
	if (own->answers == 0 && reply->rtt_ns <= timeout_ns)
		return;
	if (own->answers == 0 && l->tracks[block].srtt_us > 0) /* answers came in time so far */
		own->answers = LATENESS_BLOCK;
	lateness_note(own, LATENESS_BLOCK, timeout_ns, reply->rtt_ns);
}

static struct round *round_for(struct watch *w, uint32_t block)
{
	struct round *round = round_table_find(&w->rounds, block);

	if (round || ledger_blind(w->ledger, block) || !round_table_has_room(&w->rounds))
		return round;
	return round_open(w, block);
}

bool late_reply_counts(struct watch *w, const struct outcome *reply)
{
	struct round *round = round_for(w, reply->probe.subject);
	struct outcome outcome = *reply;
	struct evidence evidence;

	if (!round)
		return false;
	evidence = evidence_of(w, round, reply);
	outcome.probe.tag = round->x.count;
	if (evidence_ask(&round->x, &evidence, w->ledger->now.mono) < 0)
		return false;
	round->tally.sent++;
	round->late_ns = lateness_wait_ns(reply->rtt_ns);
	evidence_sent(&round->x, outcome.probe.tag, reply->sent);
	round_take(w, round, &outcome);
	return true;
}
