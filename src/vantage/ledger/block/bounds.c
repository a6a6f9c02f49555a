/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A probe is lost, or answered, at the host, which is later than it was sent. An answer is
 * proof. A silence may be a lost packet, or a host that went off meanwhile, so a bound rests
 * on as many silences as make it right in all but few cases (began_by(),
 * infer/evidence/silence.h).
 */
#include "vantage/ledger/block/bounds.h"

#include "infer/evidence/began.h"

struct bw_mono bounds_began_by(const struct evidence_log *x, struct bw_mono last_answer, bool alone,
			       int64_t srtt_ns, struct bw_mono now)
{
	const struct evidence *silent = evidence_last(x, EVIDENCE_SILENT);

	if (!silent)
		return x->opened;
	return bw_mono_add(alone ? began_by(x, last_answer, now) : silent->sent, srtt_ns);
}

void bounds_add_silences(const struct evidence_log *x, const float nats[EVIDENCE_MAX],
			 struct bw_mono t, struct silence *silence)
{
	for (unsigned i = 0; i < x->count; i++) {
		const struct evidence *e = &x->list[i];

		if ((e->state == EVIDENCE_SILENT || e->state == EVIDENCE_WAITING) &&
		    bw_mono_before(e->sent, t))
			silence_add(silence, e->sent, e->host, nats[i]);
	}
}

/* Somebody is still silent although the block is back: much may be lost on the way. */
static bool shows_loss(const struct evidence_log *x, const struct evidence *reply)
{
	const struct evidence *silent = evidence_last(x, EVIDENCE_SILENT);

	return silent && bw_mono_before(reply->sent, silent->sent);
}

struct bw_mono bounds_dark_until(const struct evidence_log *x, const float nats[EVIDENCE_MAX],
				 const struct silence *silence, struct bw_mono dark)
{
	const struct evidence *reply = evidence_first(x, EVIDENCE_REPLY);
	struct silence all = *silence;
	struct bw_mono sure;

	bounds_add_silences(x, nats, reply->sent, &all);
	sure = shows_loss(x, reply) ? all.before : all.sure;
	return bw_mono_before(sure, dark) ? dark : sure;
}
