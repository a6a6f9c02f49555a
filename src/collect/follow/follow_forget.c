/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/follow_forget.h"

#include <errno.h>

#define STEP 500 /* statements that one call deletes */

/* A statement to be deleted. */
struct gone {
	uint32_t vantage, number;
};

static int find(const struct follow *follow, int64_t before_ns, struct array *list)
{
	for (uint32_t v = 0; v < fleet_all(follow->fleet) && list->count < STEP; v++) {
		const struct heard *heard = &follow->board->vantages[v].heard;
		uint32_t n = heard_redundant(heard, 0, before_ns);

		while (n < heard->states.count && list->count < STEP) {
			const struct gone gone = {v, n};

			if (array_add(list, &gone) < 0)
				return -ENOMEM;
			n = heard_redundant(heard, n + 1, before_ns);
		}
	}
	return 0;
}

static int drop_rows(const struct follow *follow, const struct array *list,
		     const struct store *store, struct bw_err *err)
{
	int result = store->ops->begin(store->self, err);

	if (result < 0)
		return result;
	for (uint32_t n = 0; n < list->count && result == 0; n++) {
		const struct gone *gone = array_at(list, n);
		const struct heard *heard = &follow->board->vantages[gone->vantage].heard;
		const struct heard_state *said = array_at(&heard->states, gone->number);

		result = store->ops->drop_health(store->self,
						 follow->fleet->list[gone->vantage].name,
						 said->at_ns, err);
	}
	if (result == 0)
		result = store->ops->commit(store->self, err);
	if (result < 0)
		store->ops->rollback(store->self);
	return result;
}

int follow_forget(struct follow *follow, const struct store *store, int64_t now_ns, bool *ret_more,
		  struct bw_err *err)
{
	struct array list = array_of(sizeof(struct gone));
	int result = find(follow, now_ns - FOLLOW_EXACT_NS, &list);

	*ret_more = list.count == STEP;
	if (result == 0 && list.count > 0)
		result = drop_rows(follow, &list, store, err);
	/* Backwards: the numbers of the others stay. */
	for (uint32_t n = list.count; n > 0 && result == 0; n--) {
		const struct gone *gone = array_at(&list, n - 1);

		heard_forget(&follow->board->vantages[gone->vantage].heard, gone->number);
	}
	array_fini(&list);
	return result;
}
