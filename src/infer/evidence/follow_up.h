/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_FOLLOW_UP_H
#define INFER_FOLLOW_UP_H

#include "infer/evidence/evidence.h"

/* When a round asks the next host of a block, and whether a known or a cold one. */

/*
 * When the next probe is due to decide between up and dark. BW_NEVER when one is queued, when
 * all wanted probes are sent, or when there is a reply. HOSTS: number of candidates.
 */
struct bw_mono follow_up_next(const struct evidence_log *log, const struct infer_params *params,
			      unsigned hosts);

/*
 * Whether the next probe goes to a host that the evidence does not need: one that `breadth` of the
 * log wants, or a cold one: while the silence waits for its confirmation, because
 * all hot hosts may have moved, or a burst of loss may end soon; and afterwards as long as it is
 * too likely that they have moved.
 */
bool follow_up_is_widening(const struct evidence_log *log, const struct infer_params *params,
			   unsigned hosts);

/*
 * When the next probe of a dark block is due. After a reply the goal is a second reply,
 * confirm_ns later. BW_NEVER as above.
 */
struct bw_mono follow_up_next_recovery(const struct evidence_log *log,
				       const struct infer_params *params, unsigned hosts);

#endif
