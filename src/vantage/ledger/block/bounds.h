/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_BOUNDS_H
#define VANTAGE_LEDGER_BLOCK_BOUNDS_H

#include "infer/evidence/evidence.h"
#include "infer/evidence/silence.h"

/*
 * Between which moments a change happened. Pure functions: evidence and what is known of the
 * block come in as arguments.
 */

/*
 * The moment after which the silence in X did not begin. A block that is judged ALONE takes
 * the first probes whose silence is no chance. One that is judged beside its siblings takes
 * the last, because it may have been silent by itself long before. SRTT_NS: the usual
 * round-trip time, after which an answer would have come; 0: not known.
 */
struct bw_mono bounds_began_by(const struct evidence_log *x, struct bw_mono last_answer, bool alone,
			       int64_t srtt_ns, struct bw_mono now);

/*
 * Adds the probes of X that were sent before T and not answered, in the order of sending.
 * NATS: how much the silence of each weighs, positive, by its number in the list.
 */
void bounds_add_silences(const struct evidence_log *x, const float nats[EVIDENCE_MAX],
			 struct bw_mono t, struct silence *silence);

/*
 * The moment until which a dark block was surely dark, when X has a reply. SILENCE: of the
 * outage before X; NATS: as above; DARK: the outage had begun by then, so the result is not
 * before it.
 */
struct bw_mono bounds_dark_until(const struct evidence_log *x, const float nats[EVIDENCE_MAX],
				 const struct silence *silence, struct bw_mono dark);

#endif
