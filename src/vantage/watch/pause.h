/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_PAUSE_H
#define VANTAGE_WATCH_PAUSE_H

#include "vantage/watch/watch.h"

/*
 * The rounds of a recurring watch pause on a way out that is blind (ledger/fitness/ways.h). They
 * are spread anew when it can be judged by again, or after a sleep of the machine.
 */

/*
 * Makes each way blind for the reasons that were found for it. When it was not blind before, all
 * rounds of its blocks end without a record, suspicion is dropped, and the sentinels are due.
 */
void pause_begin(struct watch *watch);

/* Ends the blindness of ways that the owner does not hold and that have shown life since. */
void pause_end_if_back(struct watch *watch);

/*
 * The owner no longer holds WAY blind. Ends its blindness when there is no sentinel that could
 * answer; otherwise pause_end_if_back() does.
 */
void pause_release(struct watch *watch, unsigned way);

/*
 * Blocks whose egress differs from that in BEFORE, by block, have moved to another way: their
 * rounds end without a record, suspicion is dropped, and they are due within a round. Puts out a
 * record of the vantage.
 */
void pause_rerouted(struct watch *watch, const uint8_t *before);

/*
 * The machine slept: all rounds end without a record and are spread anew. Suspicion and the
 * counts of loss are dropped.
 */
void pause_slept(struct watch *watch);

/*
 * When the sentinels are due: enters or ends blindness of each way by what they have answered, and
 * probes them. They are due each second while a way is blind or a block is suspect, else each 5 s.
 */
void pause_check_sentinels(struct watch *watch);

#endif
