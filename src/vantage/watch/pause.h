/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_PAUSE_H
#define VANTAGE_WATCH_PAUSE_H

#include "vantage/watch/watch.h"

/*
 * The rounds of a recurring watch pause while the vantage is blind. They are spread anew when it
 * can judge again, or after a sleep of the machine.
 */

/*
 * Enters blindness for the reasons in ledger->fitness.found. When the vantage was not blind
 * before, all rounds end without a record, suspicion is dropped, and the sentinels are due.
 */
void pause_begin(struct watch *watch);

/* Ends blindness when the owner does not hold it and a sign of life was sent since it began. */
void pause_end_if_back(struct watch *watch);

/*
 * The owner no longer holds the vantage blind. Ends blindness when there is no sentinel that
 * could answer; otherwise pause_end_if_back() does.
 */
void pause_release(struct watch *watch);

/*
 * The machine slept: all rounds end without a record and are spread anew. Suspicion and the
 * counts of loss are dropped.
 */
void pause_slept(struct watch *watch);

/*
 * When the sentinels are due: enters or ends blindness by what they have answered, and probes
 * them. They are due each second while the vantage is blind or a block is suspect, else each 5 s.
 */
void pause_check_sentinels(struct watch *watch);

#endif
