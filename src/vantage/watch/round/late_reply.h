/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_LATE_REPLY_H
#define VANTAGE_WATCH_ROUND_LATE_REPLY_H

#include "vantage/watch/watch_ops.h"

/* Any answer of a block, in time or not: how late they come is learned of it and of its target. */
void late_reply_learn(struct ledger *ledger, const struct outcome *reply);

/*
 * A block that is down has answered a probe of a round that is over. That is a sign of recovery
 * like any other: it counts in the round under way or, if there is none, in one that begins with
 * it, and the next answers of that round are waited for as long. False: no round can take it now.
 */
bool late_reply_counts(struct watch *watch, const struct outcome *reply);

#endif
