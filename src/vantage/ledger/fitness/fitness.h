/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_FITNESS_H
#define VANTAGE_LEDGER_FITNESS_FITNESS_H

#include "infer/health.h"

/*
 * Whether this vantage is fit to judge: its signs of life (infer/health.h) and the state that
 * follows from them. While it is blind, probes prove nothing, beliefs do not move and records
 * say unknown. Nothing here puts out a record (blindness.h does) or ends a round: who finds
 * that the vantage is blind says so with fitness_find_blind(), and the owner of the rounds
 * acts on `found` when the call in which it was found has returned.
 */
struct fitness {
	struct health health;
	unsigned reasons;     /* why nothing can be judged: set of enum bw_reason; 0: it is fit */
	bool held;            /* the owner said that it is blind and will say when it is not */
	struct bw_mono since; /* the reasons hold since */
	struct bw_mono awake; /* started, or woke up from a sleep of the machine */
	unsigned found;       /* reasons that were found and are not applied yet */
	uint32_t targets;     /* that may vouch for each other; 0: none do (a check) */
};

void fitness_init(struct fitness *fitness, uint32_t targets, struct bw_mono now);

/*
 * Why the silence of a block since SINCE proves nothing: 0 when the vantage can be trusted.
 * Where no reference has ever answered, several targets do not fall silent together by
 * chance: no answer of any block since then is a reason, too.
 */
unsigned fitness_judge(const struct fitness *fitness, struct bw_mono since);

/*
 * True when it has been awake for as long as the sentinels are given to answer, 6 s beside
 * TIMEOUT_NS: only then their silence means something.
 */
bool fitness_is_settled(const struct fitness *fitness, int64_t timeout_ns, struct bw_mono now);

/*
 * Why the vantage has become blind, by its sentinels: one used to answer, and nothing has in
 * the time that they are given. 0: it has not, or it is blind already.
 */
unsigned fitness_lost(const struct fitness *fitness, int64_t timeout_ns, struct bw_mono now);

/* True when it is blind, the owner does not hold it, and a sign of life came since. */
bool fitness_is_back(const struct fitness *fitness);

/* The reasons of the last five seconds, or since the start: for a check, which is never blind. */
unsigned fitness_recent(const struct fitness *fitness, struct bw_mono now);

/* After a reload: what BEFORE knows of the signs of life, and whether it is blind. */
void fitness_inherit(struct fitness *fitness, const struct fitness *before);

/* Somebody has found REASONS why nothing can be judged: they are added to `found`. */
void fitness_find_blind(struct fitness *fitness, unsigned reasons);

/* Returns `found` and clears it. */
unsigned fitness_take_found(struct fitness *fitness);

#endif
