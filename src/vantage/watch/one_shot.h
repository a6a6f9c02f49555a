/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ONE_SHOT_H
#define VANTAGE_WATCH_ONE_SHOT_H

#include "vantage/watch/watch_ops.h"

/*
 * A check: each block has one round, begun in a permuted order as fast as the pacer allows.
 * The ledger does not keep events, and the vantage is never blind: a block whose silence
 * proves nothing is unknown.
 */
extern const struct watch_ops one_shot_ops;

#endif
