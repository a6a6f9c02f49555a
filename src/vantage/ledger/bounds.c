/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between which moments a change happened. A probe is lost, or answered, when it is
 * there, which is later than it was sent. An answer is proof; a silence may be a lost
 * packet, or a host that went off meanwhile: so many are asked for that the bound
 * is right in all but few cases (evidence_began_by(), infer/evidence/silence.h).
 */
#include "infer/evidence/belief.h"
#include "vantage/state.h"

void bounds_note(const struct vantage *v, uint32_t number, struct bw_mono t,
		 struct silence *silence)
{
	const struct evidence_log *x = &round_of(v, number)->x;

	for (unsigned i = 0; i < x->count; i++) {
		const struct evidence *e = &x->list[i];

		if ((e->state == EVIDENCE_SILENT || e->state == EVIDENCE_WAITING) &&
		    bw_mono_before(e->sent, t))
			silence_add(silence, e->sent, e->host,
				    -belief_of_silence(
					    request_availability(v, number, e->host, e->method)));
	}
}

/* Somebody is silent still, although the block is back: its line may lose much. */
static bool shows_loss(const struct evidence_log *x)
{
	const struct evidence *reply = evidence_first(x, EVIDENCE_REPLY);
	const struct evidence *silent = evidence_last(x, EVIDENCE_SILENT);

	return silent && bw_mono_before(reply->sent, silent->sent);
}

/* Not before that moment did a dark block come back that answered a probe sent at T. */
static struct bw_mono last_dark(const struct vantage *v, uint32_t number, struct bw_mono t)
{
	const struct outage *past = outages_of(v, number);
	struct silence silence = past->silence;
	struct bw_mono sure;

	bounds_note(v, number, t, &silence);
	sure = shows_loss(&round_of(v, number)->x) ? silence.before : silence.sure;
	return bw_mono_before(sure, past->dark_latest) ? past->dark_latest : sure;
}

int64_t bounds_longest_rtt(const struct tally *tally)
{
	int64_t longest = 0;

	for (uint32_t i = 0; i < tally->replies && i < TALLY_RTTS; i++)
		if (tally->rtt_ns[i] > longest)
			longest = tally->rtt_ns[i];
	return longest;
}

/*
 * The first silences of what is dark now; of a block that is judged beside its siblings the
 * last: it may have been silent by itself long before.
 */
static struct bw_mono first_dark(const struct vantage *v, uint32_t number)
{
	const struct evidence_log *x = &round_of(v, number)->x;
	const struct evidence *silent = evidence_last(x, EVIDENCE_SILENT);
	struct bw_mono began_by;

	if (!vantage_has_rounds(v) || !silent)
		return x->opened;
	began_by = siblings_is_needed(v, number)
			   ? silent->sent
			   : evidence_began_by(x, v->blocks[number].last_answer, v->now.mono);
	return bw_mono_add(began_by, (int64_t)v->watches[number].srtt_us * BW_US);
}

void bounds_bound(const struct vantage *v, uint32_t number, struct verdict_decision *decision)
{
	const struct round *round = round_of(v, number);
	const struct evidence *reply = evidence_first(&round->x, EVIDENCE_REPLY);
	bool rounds = vantage_has_rounds(v);

	decision->earliest = v->blocks[number].last_answer;
	decision->latest = decision->to == BW_DARK ? first_dark(v, number) : v->now.mono;
	if (decision->to != BW_UP || !reply)
		return;
	decision->earliest = rounds ? last_dark(v, number, reply->sent) : BLOCK_NEVER_ANSWERED;
	decision->latest = bw_mono_add(reply->sent, rounds ? bounds_longest_rtt(&round->tally) : 0);
}
