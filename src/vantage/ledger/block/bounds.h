/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_BOUNDS_H
#define VANTAGE_LEDGER_BLOCK_BOUNDS_H

#include "infer/evidence/evidence.h"
#include "infer/evidence/silence.h"

/*
 * The bounds of a change: it happened between two moments. Pure functions: the evidence and
 * what is known of the block are arguments.
 */

/*
 * The latest moment at which the silence in X can have begun. ALONE: the block is judged by its
 * own hosts, and the bound is the first silence that is no lost packet (began_by()).
 * Otherwise it is judged together with its siblings, may have been silent by itself long before,
 * and the bound is its last silence. SRTT_NS is added, the usual round-trip time, because an
 * answer would have come that much later; 0: not known. Without a silence: X->opened.
 * The result can be up to SRTT_NS later than NOW.
 */
struct bw_mono bounds_began_by(const struct evidence_log *x, struct bw_mono last_answer, bool alone,
			       int64_t srtt_ns, struct bw_mono now);

/*
 * Adds to SILENCE the probes of X that were sent before T and have no answer (silent, or still
 * waited for), in the order of X. NATS: the weight of the silence of each probe, positive, by
 * its index in X.
 */
void bounds_add_silences(const struct evidence_log *x, const float nats[EVIDENCE_MAX],
			 struct bw_mono t, struct silence *silence);

/*
 * The moment until which a dark block was surely dark, when X has a reply. SILENCE: of the
 * outage before X; NATS: as above; DARK: the outage had begun by then, so the result is not
 * before it. When a probe after the first reply is silent, packets get lost, and the result is
 * the moment before (struct silence).
 */
struct bw_mono bounds_dark_until(const struct evidence_log *x, const float nats[EVIDENCE_MAX],
				 const struct silence *silence, struct bw_mono dark);

#endif
