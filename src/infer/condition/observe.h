/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_OBSERVE_H
#define INFER_CONDITION_OBSERVE_H

#include "infer/condition/condition.h"

/* What the conditions of a block learn from its outcomes and rounds. */

/*
 * After a restart, where these CONDITIONS held (a set of enum bw_condition). Which parts were
 * silent is not saved: they must be found again.
 */
void observe_restore(struct condition *cond, struct condition_evidence *ce, unsigned conditions);

/*
 * Any reply of HOST that is not the border's: its TTL and round-trip time. USUAL_NS: the block's
 * smoothed round-trip time, 0 if not known.
 */
void observe_reply(struct condition *cond, uint16_t host, uint8_t ttl, int64_t rtt_ns,
		   int64_t usual_ns);

/* What is known of the probes of a round beside their evidence. */
struct observe_probes {
	uint32_t extra; /* those that extra_wanted() asked for: a bit each, by index in the log */
	bool listed;    /* the candidates are hosts that a list names: they may well answer */
	float answered; /* share of what its siblings owed of late that came, lost or at rest */
};

_Static_assert(EVIDENCE_MAX <= 32, "a set of the probes of a round has 32 bits");

/* Learns from the probes of a round and updates the conditions, before hot list and belief do. */
void observe_round(struct condition *cond, struct condition_evidence *ce, const struct block *block,
		   const struct evidence_log *log, const struct observe_probes *probes);

/*
 * Makes silences neutral that say nothing about the block: those of extra probes, whose hosts
 * are no fair sample, and, under a rate limit, of probes that follow an answer closely.
 */
void observe_neutralise(const struct condition *cond, const struct observe_probes *probes,
			struct evidence_log *log);

#endif
