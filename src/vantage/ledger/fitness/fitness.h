/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_FITNESS_H
#define VANTAGE_LEDGER_FITNESS_FITNESS_H

#include "infer/health.h"
#include "probe/outcome.h"

/*
 * Whether one way out of the vantage (ways.h) is fit to judge: its signs of life (infer/health.h)
 * and the state that follows from them. While it is blind, probes prove nothing, beliefs do not
 * move and records say unknown. Nothing here puts out a record (blindness.h does) or ends a round.
 * Code that finds a way blind calls ways_find_blind(). The owner of the rounds acts on `found`
 * later, when no function of a round is on the stack.
 */
struct fitness {
	struct health health;
	unsigned reasons;     /* why nothing can be judged: set of enum bw_reason; 0: it is fit */
	bool held;            /* the owner holds it blind until it says otherwise */
	struct bw_mono since; /* when it became blind */
	struct bw_mono awake; /* when it started, or the machine woke up */
	/* The same, after a reload as before it: signs of life since then show that it is fit. */
	struct bw_mono begun;
	bool told_unheard; /* the last record of the vantage says that there is none */
	unsigned found;       /* reasons that were found and are not applied yet */
	/* Targets with blocks on it that were up when last known (unrelated.h); 0 for a check. */
	uint32_t targets;
	struct bw_mono counted; /* when they were */
};

void fitness_init(struct fitness *fitness, struct bw_mono now);

/* True when only answers of blocks can show that the line behind the gateway lives. */
bool fitness_needs_blocks(const struct fitness *fitness);

/*
 * Why the silence of a block since SINCE proves nothing: a set of enum bw_reason; 0 when the
 * vantage can be trusted. It needs a sign of life sent at SINCE or later (health_reasons()).
 * With two `targets` or more, where no reference has ever answered, the gateway alone is not
 * enough: unrelated targets do not fall silent together by chance.
 */
unsigned fitness_judge(const struct fitness *fitness, struct bw_mono since);

/*
 * True when the vantage has been awake for at least 6 s and TIMEOUT_NS, the time that sentinels
 * have to answer. Before that their silence means nothing.
 */
bool fitness_is_settled(const struct fitness *fitness, int64_t timeout_ns, struct bw_mono now);

/*
 * Why the vantage has become blind: the capture drops packets; or a reference or the gateway used
 * to answer, and there was no sign of life in the time above. 0: it has not become blind, or it
 * is blind already.
 */
unsigned fitness_lost(const struct fitness *fitness, int64_t timeout_ns, struct bw_mono now);

/*
 * Why nothing shows yet that a way that is not blind is fit, after a start or a sleep. 0: a sign of
 * life does that health_reasons() accepts.
 */
unsigned fitness_unheard(const struct fitness *fitness);

/*
 * Takes the ICMP error that a probe of a block or a sentinel has met. It is a sign of life of the
 * line (HEALTH_LINE) when its TTL shows that the router is at least three hops away: nearer ones
 * also answer while their own uplink is cut.
 */
void fitness_take_error(struct fitness *fitness, const struct outcome *error);

/*
 * True when it is blind, the owner does not hold it, and a sign of life that is enough for
 * fitness_judge() was sent since then.
 */
bool fitness_is_back(const struct fitness *fitness);

/*
 * For a check, which is never blind: why silence of the last 5 s, or since the start if that is
 * later, proves nothing. 0: there was a sign of life.
 */
unsigned fitness_recent(const struct fitness *fitness, struct bw_mono now);

/*
 * After a reload: takes signs of life, `begun`, loss and blindness from BEFORE. `awake`, `targets`
 * and the counters of the capture stay.
 */
void fitness_inherit(struct fitness *fitness, const struct fitness *before);

/* Adds REASONS why nothing can be judged to `found`. */
void fitness_find_blind(struct fitness *fitness, unsigned reasons);

/* Returns `found` and clears it. */
unsigned fitness_take_found(struct fitness *fitness);

#endif
