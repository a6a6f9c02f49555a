/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SCHEDULE_SIBLINGS_H
#define VANTAGE_WATCH_SCHEDULE_SIBLINGS_H

#include "vantage/ledger/ledger.h"

/*
 * A silent block beside its siblings (roster_siblings()): what they share fails together.
 * These functions look at up to 256 blocks. The ledger keeps events.
 */
struct siblings {
	uint32_t known;        /* siblings whose verdict is not unknown */
	uint32_t silent;       /* of these: down or suspect */
	uint32_t false_alarms; /* of the silent ones: those with a false alarm in the last day */
};

struct siblings siblings_of(const struct ledger *ledger, uint32_t block);

/* True when at least half of them are silent. */
bool siblings_are_silent(const struct siblings *siblings);

/*
 * Over how long the silence of a block must reach: confirm_ns when its siblings are silent
 * too or nothing is known of them; else half of ROUND_NS, but 2 to 6 times confirm_ns. Three
 * times as long when most of the silent ones had a false alarm in the last day.
 */
int64_t siblings_confirm_ns(const struct ledger *ledger, uint32_t block,
			    const struct siblings *siblings, int64_t round_ns);

/*
 * True for a block of one or two hosts in a target of several networks: their silence may be
 * their own, so that it is judged beside the siblings only.
 */
bool siblings_are_needed(const struct ledger *ledger, uint32_t block);

/* True when the block needs its siblings to be silent and they are not. */
bool siblings_contradict(const struct ledger *ledger, uint32_t block);

#endif
