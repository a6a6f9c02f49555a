/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/budget.h"

#include <errno.h>
#include <stdlib.h>

int budget_init(struct budget *budget, uint32_t count, int64_t interval_ns, uint32_t burst)
{
	budget->due_ns = calloc(count ? count : 1, sizeof(*budget->due_ns));
	if (!budget->due_ns)
		return -ENOMEM;
	budget->count = count;
	budget->interval_ns = interval_ns;
	budget->tolerance_ns = interval_ns * (burst ? burst - 1 : 0);
	return 0;
}

void budget_fini(struct budget *budget)
{
	free(budget->due_ns);
	budget->due_ns = NULL;
}

struct bw_mono budget_next(const struct budget *budget, uint32_t subject, struct bw_mono now)
{
	int64_t at = budget->due_ns[subject] - budget->tolerance_ns;

	return (struct bw_mono){at > now.ns ? at : now.ns};
}

uint32_t budget_left(const struct budget *budget, uint32_t subject, struct bw_mono now)
{
	int64_t spent = budget->due_ns[subject] - now.ns;
	int64_t free = budget->tolerance_ns - (spent > 0 ? spent : 0);

	return free < 0 ? 0 : (uint32_t)(free / budget->interval_ns) + 1;
}

bool budget_take(const struct budget *budget, uint32_t subject, struct bw_mono now)
{
	int64_t *due = &budget->due_ns[subject];

	if (*due - budget->tolerance_ns > now.ns)
		return false;
	*due = (*due > now.ns ? *due : now.ns) + budget->interval_ns;
	return true;
}
