/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_BLINDNESS_H
#define VANTAGE_LEDGER_FITNESS_BLINDNESS_H

#include "vantage/ledger/ledger.h"

/*
 * A vantage is blind while nothing can be judged. These functions write ledger->fitness and put
 * out a record of the vantage when that changes. The caller ends the rounds that are under way.
 */

/*
 * Adds REASONS (set of enum bw_reason, not 0) to those that hold. Returns true when the vantage
 * was not blind before.
 */
bool blindness_enter(struct ledger *ledger, unsigned reasons);

/* All reasons are gone: the vantage can judge again. */
void blindness_leave(struct ledger *ledger);

/*
 * The machine slept. One record says so. Afterwards only the reasons for which the owner holds
 * the vantage blind remain.
 */
void blindness_slept(struct ledger *ledger);

#endif
