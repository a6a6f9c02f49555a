/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_PAUSE_H
#define VANTAGE_WATCH_PAUSE_H

#include "vantage/watch/watch.h"

/*
 * The rounds of a recurring watch pause while the vantage is blind, and begin anew after that
 * or after a sleep of the machine.
 */

/* Enters blindness for the reasons in ledger->fitness.found: all rounds end. */
void pause_begin(struct watch *watch);

/* Ends it if a sign of life came since it began and the owner does not hold it. */
void pause_end_if_back(struct watch *watch);

/* The owner no longer holds it blind; where there is nobody to ask, nobody could answer. */
void pause_release(struct watch *watch);

/* The machine slept: what was under way proves nothing. */
void pause_slept(struct watch *watch);

/* When they are due: looks whether the sentinels are alive, and asks them. */
void pause_check_sentinels(struct watch *watch);

#endif
