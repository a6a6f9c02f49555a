/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/seq_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/err.h>

/* The number of ranges that end before SEQ. */
static size_t find(const struct seq_set *set, uint64_t seq)
{
	size_t low = 0, high = set->count;

	/* Almost always the last range grows. */
	if (high > 0 && set->list[high - 1].first <= seq)
		return set->list[high - 1].last < seq ? high : high - 1;
	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (set->list[middle].last < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool seq_set_has(const struct seq_set *set, uint64_t seq)
{
	const size_t at = find(set, seq);

	return at < set->count && set->list[at].first <= seq;
}

static int insert(struct seq_set *set, size_t at, struct seq_range range)
{
	if (set->count == SEQ_SET_MAX)
		return BW_ERR_LIMIT;
	if (set->count == set->room) {
		const size_t room = set->room ? 2 * set->room : 4;
		struct seq_range *list = realloc(set->list, room * sizeof(*list));

		if (!list)
			return -ENOMEM;
		set->list = list;
		set->room = room;
	}
	memmove(set->list + at + 1, set->list + at, (set->count - at) * sizeof(*set->list));
	set->list[at] = range;
	set->count++;
	return 0;
}

static bool touches(const struct seq_range *a, const struct seq_range *b)
{
	return (b->last == UINT64_MAX || a->first <= b->last + 1) &&
	       (a->last == UINT64_MAX || b->first <= a->last + 1);
}

/* Joins the range at AT with those behind it that it now reaches. */
static void join(struct seq_set *set, size_t at)
{
	struct seq_range *range = &set->list[at];
	size_t next = at + 1;

	for (; next < set->count && touches(range, &set->list[next]); next++)
		if (set->list[next].last > range->last)
			range->last = set->list[next].last;
	memmove(range + 1, set->list + next, (set->count - next) * sizeof(*range));
	set->count -= next - at - 1;
}

int seq_set_add(struct seq_set *set, uint64_t first, uint64_t last)
{
	const struct seq_range range = {first, last};
	size_t at = find(set, first > 0 ? first - 1 : 0);

	if (at == set->count || !touches(&set->list[at], &range))
		return insert(set, at, range);
	if (first < set->list[at].first)
		set->list[at].first = first;
	if (last > set->list[at].last)
		set->list[at].last = last;
	join(set, at);
	return 0;
}

int seq_set_copy(struct seq_set *set, const struct seq_set *from)
{
	struct seq_range *list = NULL;

	if (from->count > 0) {
		list = malloc(from->count * sizeof(*list));
		if (!list)
			return -ENOMEM;
		memcpy(list, from->list, from->count * sizeof(*list));
	}
	free(set->list);
	*set = (struct seq_set){list, from->count, from->count};
	return 0;
}

void seq_set_fini(struct seq_set *set)
{
	free(set->list);
	*set = (struct seq_set){NULL, 0, 0};
}
