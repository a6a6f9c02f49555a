/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/moments.h"

#include <errno.h>
#include <stdlib.h>

void moments_init(struct moments *moments, int64_t from_ns, int64_t until_ns)
{
	*moments = (struct moments){.from_ns = from_ns,
				    .until_ns = until_ns,
				    .list = array_of(sizeof(struct moment))};
}

void moments_fini(struct moments *moments)
{
	array_fini(&moments->list);
}

void moments_add(struct moments *moments, int64_t t_ns, uint32_t block)
{
	const struct moment moment = {t_ns, block};

	if (t_ns <= moments->from_ns || t_ns > moments->until_ns || moments->error < 0)
		return;
	if (array_add(&moments->list, &moment) < 0)
		moments->error = -ENOMEM;
}

void moments_add_claims(struct moments *moments, const struct board_block *block, uint32_t number)
{
	for (uint32_t v = 0; v < block->views.count; v++) {
		const struct board_view *view = array_at(&block->views, v);
		const struct array *changes = &view->claims.changes;

		for (uint32_t n = changes->count; n > 0; n--) {
			const struct change *change = array_at(changes, n - 1);

			if (change->at_ns <= moments->from_ns)
				break;
			moments_add(moments, change->at_ns, number);
		}
	}
}

void moments_add_heard(struct moments *moments, const struct heard *heard)
{
	for (uint32_t n = heard->spans.count; n > 0; n--) {
		const struct heard_span *span = array_at(&heard->spans, n - 1);

		if (span->until_ns <= moments->from_ns)
			break;
		moments_add(moments, span->from_ns, MOMENTS_ALL);
		moments_add(moments, span->until_ns, MOMENTS_ALL);
	}
	for (uint32_t n = heard->states.count; n > 0; n--) {
		const struct heard_state *said = array_at(&heard->states, n - 1);
		const struct heard_state *before = n > 1 ? array_at(&heard->states, n - 2) : NULL;

		if (said->at_ns <= moments->from_ns)
			break;
		if (said->healthy != (!before || before->healthy))
			moments_add(moments, said->at_ns, MOMENTS_ALL);
	}
}

void moments_add_terms(struct moments *moments, const struct board *board)
{
	for (uint32_t n = 1; n < board->terms.count; n++)
		moments_add(moments, ((struct board_term *)array_at(&board->terms, n))->from_ns,
			    MOMENTS_ALL);
}

void moments_add_upstreams(struct moments *moments, const struct board_vantage *vantage)
{
	for (uint32_t n = 1; n < vantage->upstreams.count; n++)
		moments_add(moments,
			    ((struct board_upstream *)array_at(&vantage->upstreams, n))->from_ns,
			    MOMENTS_ALL);
}

void moments_add_timeline(struct moments *moments, const struct timeline *timeline, uint32_t block)
{
	for (uint32_t n = timeline->intervals.count; n > 0; n--) {
		const struct interval *interval = timeline_get(timeline, n - 1);

		if (interval->from_ns <= moments->from_ns)
			break;
		moments_add(moments, interval->from_ns, block);
	}
}

static int compare(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->t_ns != y->t_ns)
		return x->t_ns < y->t_ns ? -1 : 1;
	return (x->block > y->block) - (x->block < y->block);
}

int moments_sort(struct moments *moments)
{
	if (moments->list.count > 0)
		qsort(moments->list.items, moments->list.count, moments->list.size, compare);
	return moments->error;
}
