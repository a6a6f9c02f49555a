/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_EVIDENCE_H
#define VANTAGE_REPLAY_EVIDENCE_H

#include "probe/outcome.h"
#include "vantage/replay/replay_judge.h"

/*
 * From the outcomes of the probes in a capture, which come as they come, to the verdict of a
 * block. `subject` of a probe is its block, `host` the number of an asked host.
 */

/* True when the silence of HOST is evidence: it has answered before, or a target lists it. */
bool replay_evidence_testifies(const struct replay_judge *judge, uint32_t block, uint16_t host);

void replay_evidence_take(struct replay_judge *judge, const struct outcome *outcome);

/* At the end of a round: judges the block and puts out its record, if it was asked. */
void replay_evidence_end_round(struct replay_judge *judge, uint32_t block);

/* Gives an unknown block the reasons why it is unknown. */
void replay_evidence_reasons(struct replay_judge *judge, uint32_t block);

#endif
