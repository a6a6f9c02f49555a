/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/fitness/blindness.h"

#include "vantage/ledger/records.h"

bool blindness_enter(struct ledger *l, unsigned reasons)
{
	unsigned before = l->fitness.reasons;

	l->fitness.reasons |= reasons;
	if (!before)
		l->fitness.since = l->now.mono;
	if (l->fitness.reasons != before)
		records_vantage(l);
	return !before;
}

void blindness_leave(struct ledger *l)
{
	l->fitness.reasons = 0;
	records_vantage(l);
}

void blindness_slept(struct ledger *l)
{
	unsigned held = l->fitness.held ? l->fitness.reasons : 0;

	l->fitness.awake = l->now.mono;
	l->fitness.reasons = held | BW_WHY_SUSPENDED;
	records_vantage(l);
	l->fitness.reasons = held;
}
