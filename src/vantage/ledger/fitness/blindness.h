/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_BLINDNESS_H
#define VANTAGE_LEDGER_FITNESS_BLINDNESS_H

#include "vantage/ledger/ledger.h"

/*
 * The state in which nothing can be judged. Each call writes `fitness` and puts out a record
 * of the vantage when something is new. Rounds that are under way are the caller's to end.
 */

/* Blind for REASONS, beside those that hold already. True: it was not blind before. */
bool blindness_enter(struct ledger *ledger, unsigned reasons);

/* It can judge again. */
void blindness_leave(struct ledger *ledger);

/* The machine slept: said once, then only what the owner holds it blind for remains. */
void blindness_slept(struct ledger *ledger);

#endif
