/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_RECURRING_H
#define VANTAGE_WATCH_RECURRING_H

#include "vantage/watch/watch_ops.h"

/*
 * Blocks are watched for long: rounds come by the schedule, the ledger keeps events and
 * learns, and a vantage that cannot hear is blind for a while.
 */
extern const struct watch_ops recurring_ops;

#endif
