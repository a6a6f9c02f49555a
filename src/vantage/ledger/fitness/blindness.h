/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_BLINDNESS_H
#define VANTAGE_LEDGER_FITNESS_BLINDNESS_H

#include "vantage/ledger/ledger.h"

/*
 * A way out is blind while nothing behind it can be judged. These functions write ledger->ways and
 * put out a record of the vantage when that changes. The caller ends the rounds that are under way.
 */

/*
 * Adds REASONS (set of enum bw_reason, not 0) to those that hold for WAY. Returns true when it was
 * not blind before.
 */
bool blindness_enter(struct ledger *ledger, unsigned way, unsigned reasons);

/* All reasons of WAY are gone: it can be judged by again. */
void blindness_leave(struct ledger *ledger, unsigned way);

/*
 * The machine slept. One record says so. Afterwards only the reasons for which the owner holds
 * a way blind remain.
 */
void blindness_slept(struct ledger *ledger);

#endif
