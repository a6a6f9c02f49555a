/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_UNRELATED_H
#define VANTAGE_LEDGER_FITNESS_UNRELATED_H

#include "vantage/ledger/ledger.h"

/*
 * As fitness_judge(), for the way that BLOCK is on, with the number of targets that are not dark as
 * of now: those that are, or of which nothing is known, do not fall silent together with others.
 */
unsigned unrelated_judge(struct ledger *ledger, uint32_t block, struct bw_mono since);

#endif
