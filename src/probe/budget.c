/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/budget.h"

#define NOTE_NS (BW_S / 4)

struct budget budget_of(int64_t interval_ns, uint32_t burst)
{
	return (struct budget){interval_ns, interval_ns * (burst ? burst - 1 : 0)};
}

struct bw_mono budget_next(const struct budget *budget, struct budget_spent spent,
			   struct bw_mono now)
{
	int64_t at = spent.due_ns - budget->tolerance_ns;

	return (struct bw_mono){at > now.ns ? at : now.ns};
}

uint32_t budget_left(const struct budget *budget, struct budget_spent spent, struct bw_mono now)
{
	int64_t ahead = spent.due_ns - now.ns;
	int64_t free = budget->tolerance_ns - (ahead > 0 ? ahead : 0);

	return free < 0 ? 0 : (uint32_t)(free / budget->interval_ns) + 1;
}

bool budget_take(const struct budget *budget, struct budget_spent *spent, struct bw_mono now)
{
	if (spent->due_ns - budget->tolerance_ns > now.ns)
		return false;
	spent->due_ns = (spent->due_ns > now.ns ? spent->due_ns : now.ns) + budget->interval_ns;
	return true;
}

uint16_t budget_note(struct budget_spent spent)
{
	return (uint16_t)((uint64_t)(spent.due_ns / NOTE_NS) & BUDGET_NOTE_MAX);
}

struct budget_spent budget_recall(const struct budget *budget, uint16_t note, struct bw_mono now)
{
	int64_t past = now.ns / NOTE_NS;
	int64_t ahead_ns = (int64_t)((note - (uint64_t)past) & BUDGET_NOTE_MAX) * NOTE_NS;

	/* It was never further ahead than this: whole since some time, and noted as such again. */
	if (ahead_ns > budget->tolerance_ns + budget->interval_ns)
		ahead_ns = 0;
	return (struct budget_spent){past * NOTE_NS + ahead_ns};
}
