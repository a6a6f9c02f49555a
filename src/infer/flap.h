/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_FLAP_H
#define INFER_FLAP_H

#include <stdbool.h>
#include <stdint.h>

#include "infer/params.h"

/*
 * Flap damping, as BGP has it (RFC 2439). Each confirmed transition between up and dark adds 1
 * to a penalty that halves in each half-life. From params->flap_enter on the block is flapping,
 * below params->flap_leave it is no longer. A flapping block that stays silent turns dark after
 * flap_dark_after_ns().
 */

/* The penalty ELAPSED_NS later. */
float flap_decay(float penalty, int64_t elapsed_ns, int64_t half_life_ns);

/*
 * The penalty after one more transition, ELAPSED_NS after it was last set. At most 4 times
 * flap_enter, so that flapping ends within hours.
 */
float flap_add(float penalty, int64_t elapsed_ns, const struct infer_params *params);

/* Whether a block with this penalty is flapping from now on. */
bool flap_enters(float penalty, const struct infer_params *params);

/* Whether the penalty, set ELAPSED_NS ago, has decayed so far that a block leaves flapping. */
bool flap_leaves(float penalty, int64_t elapsed_ns, const struct infer_params *params);

/*
 * The phases of a flapping that are over. All zeros: none yet. After a restart only the first
 * three are known.
 */
struct flap_phases {
	int64_t down_ns;    /* length of all down phases */
	int64_t longest_ns; /* length of the longest */
	uint32_t count;     /* of down phases */
	uint32_t ups;       /* number of up phases between two down phases */
	float down_squares; /* sum of the squares of the down phases, in s^2 */
	float up_s;         /* length of all up phases, in s */
	float up_squares;   /* sum of their squares, in s^2 */
	float last_up_s;    /* length of the up phase before the present down phase, in s */
};

/*
 * A transition was confirmed that raised the penalty to PENALTY. A phase of PHASE_NS ended with
 * it: a down phase if IS_BACK, else an up phase. Forgets all phases when the last transition is
 * long ago.
 */
void flap_note(struct flap_phases *phases, const struct infer_params *params, float penalty,
	       bool is_back, int64_t phase_ns);

/*
 * How long a flapping block must be silent before it is dark: longer than its longest down
 * phase, and longer than 999 of 1000 phases if their lengths are exponential. No more than twice
 * the longest is asked for if TOGETHER, which means that all its siblings are silent, too; else no
 * more than three times the longest, and a bit more while there are few phases. At least
 * params->confirm_ns.
 */
int64_t flap_dark_after_ns(const struct flap_phases *phases, bool together,
			   const struct infer_params *params);

/*
 * The same for blocks that are silent together, PHASES being what they had together. That is
 * rarer and worth more talk: as long as the longest, or the length that one phase in 150
 * exceeds if that is longer, but no more than twice the longest (a bit more while there are
 * few). When the last up phase was longer than three of four others, the flapping may have
 * ended: then a silence of five minutes is enough, or of a mean down phase if that is longer.
 */
int64_t flap_shared_dark_after_ns(const struct flap_phases *phases,
				  const struct infer_params *params);

#endif
