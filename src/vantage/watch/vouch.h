/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_VOUCH_H
#define VANTAGE_WATCH_VOUCH_H

#include "vantage/watch/watch.h"

/* Whether signs of life vouch for a silence. One vouches only for silences older than itself. */

/*
 * Why they do not vouch for the last silence of the evidence X of BLOCK: a set of enum bw_reason.
 * The uplink, or one of several next hops, may have been cut amid the silence. 0: they do, or there
 * is no silence in it.
 */
unsigned vouch_reasons(const struct watch *watch, uint32_t block, const struct evidence_log *x);

/*
 * Whether a sign of life may still come for the last silence of X, which has one. The sentinels are
 * asked each second: one of them answers within this time if the line lives.
 */
bool vouch_is_awaited(const struct watch *watch, const struct evidence_log *x);

/* True when a next hop of the way of BLOCK has been silent lately. */
bool vouch_misses_next_hop(const struct watch *watch, uint32_t block);

#endif
