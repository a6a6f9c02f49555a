/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_EVIDENCE_H
#define VANTAGE_REPLAY_EVIDENCE_H

#include "probe/outcome.h"
#include "vantage/replay/asked_hosts.h"
#include "vantage/replay/replay_judge.h"

/*
 * From the outcomes of the probes in a capture, which come as they come, to the verdict of a
 * block. `subject` of a probe is its block, `host` the number of an asked host.
 */

/* What the silence of a probe says of its block. */
enum replay_weight {
	REPLAY_TESTIFIES, /* the host would have answered */
	REPLAY_FILLS_UP,  /* the host is not known: it counts as a distinct one, of no weight */
	REPLAY_VOID,      /* nothing: another method than the host answers, or a TTL too small */
};

/* HOST is the one that was probed. */
enum replay_weight replay_evidence_weight(const struct replay_judge *judge,
					  const struct asked_host *host, const struct probe *probe);

/*
 * True when the probe ended on the way to its host because its TTL was used up, as in a
 * traceroute: a router said so, or it was silent with a TTL that is too small. Its outcome
 * is not for replay_evidence_take().
 */
bool replay_evidence_ended_on_the_way(const struct asked_host *host, const struct outcome *outcome);

void replay_evidence_take(struct replay_judge *judge, const struct asked_host *host,
			  const struct outcome *outcome);

/* At the end of a round: judges the block and puts out its record, if it was asked. */
void replay_evidence_end_round(struct replay_judge *judge, uint32_t block);

/* Gives an unknown block the reasons why it is unknown. */
void replay_evidence_reasons(struct replay_judge *judge, uint32_t block);

#endif
