/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_FEW_HOSTS_H
#define VANTAGE_WATCH_ROUND_FEW_HOSTS_H

#include "vantage/watch/watch.h"

/*
 * Blocks of which one or two hosts are known, in a check. Such hosts may be switched off, so that
 * their silence alone is no outage. Where no block of the target answers, their silences count
 * together. (In a recurring watch: vantage/watch/schedule/doubt.h.)
 *
 * A host is known when it has been seen (roster_is_seen()) or is on the hot list.
 */
#define FEW_HOSTS 2

/* The number of known hosts of a block. */
unsigned few_hosts_known(const struct ledger *ledger, uint32_t block);

/*
 * True for a block of at most FEW_HOSTS known hosts while a sibling (roster_siblings()) answers, or
 * while no more than FEW_HOSTS known hosts are silent in all of them.
 */
bool few_hosts_may_be_off(const struct watch *watch, uint32_t block);

/*
 * True when the evidence of such a block, too little by itself, suffices together with that of its
 * siblings: none answers, more than FEW_HOSTS known hosts are silent, all beliefs together are as
 * low as dark needs, that of the block itself is below .1, and its silence lasts for the time of
 * confirmation.
 */
bool few_hosts_are_dark(const struct watch *watch, uint32_t block, const struct round *round);

#endif
