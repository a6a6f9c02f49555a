/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/fitness/blindness.h"

#include "vantage/ledger/records.h"

bool blindness_enter(struct ledger *l, unsigned way, unsigned reasons)
{
	struct fitness *fitness = &l->ways.of[way];
	unsigned before = fitness->reasons;

	fitness->reasons |= reasons;
	if (!before)
		fitness->since = l->now.mono;
	if (fitness->reasons != before)
		records_vantage(l);
	return !before;
}

void blindness_leave(struct ledger *l, unsigned way)
{
	l->ways.of[way].reasons = 0;
	records_vantage(l);
}

void blindness_slept(struct ledger *l)
{
	unsigned held[WAYS_MAX];

	for (unsigned n = 0; n < WAYS_MAX; n++) {
		struct fitness *fitness = &l->ways.of[n];

		held[n] = fitness->held ? fitness->reasons : 0;
		fitness->awake = fitness->begun = l->now.mono;
		fitness->reasons = held[n] | BW_WHY_SUSPENDED;
	}
	records_vantage(l);
	for (unsigned n = 0; n < WAYS_MAX; n++)
		l->ways.of[n].reasons = held[n];
}
