/* SPDX-License-Identifier: Apache-2.0 */
#include "target/list/span.h"

#include <stdlib.h>

static int compare(const struct span *a, const struct span *b)
{
	int order = bw_prefix_compare(&a->prefix, &b->prefix);

	return order ? order : (a->origin > b->origin) - (a->origin < b->origin);
}

static int compare_for_qsort(const void *a, const void *b)
{
	return compare((const struct span *)a, (const struct span *)b);
}

void span_sort(struct span *spans, size_t count)
{
	size_t i = 1;

	while (i < count && compare(&spans[i - 1], &spans[i]) <= 0)
		i++;
	if (i < count)
		qsort(spans, count, sizeof(*spans), compare_for_qsort);
}

/* Prefixes nest or are apart, so an overlap shows between two neighbours. */
bool span_find_overlap(const struct span *spans, size_t count, struct span *ret_first,
		       struct span *ret_second)
{
	for (size_t i = 1; i < count; i++) {
		const struct span *a = &spans[i - 1], *b = &spans[i];

		if (!bw_prefix_covers(&a->prefix, &b->prefix))
			continue;
		*ret_first = a->origin <= b->origin ? *a : *b;
		*ret_second = a->origin <= b->origin ? *b : *a;
		return true;
	}
	return false;
}

size_t span_merge(struct span *spans, size_t count, struct span_merged *ret_merged)
{
	struct span_merged merged = {0};
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		const struct span *last = kept ? &spans[kept - 1] : NULL;

		if (!last || !bw_prefix_covers(&last->prefix, &spans[i].prefix)) {
			spans[kept++] = spans[i];
			continue;
		}
		if (merged.count++ == 0 || spans[i].origin < merged.first.origin) {
			merged.first = spans[i];
			merged.in = *last;
		}
	}
	*ret_merged = merged;
	return kept;
}

char *span_format(const struct span *span, char *buffer)
{
	return span->form == SPAN_ADDRESS ? bw_addr_format(&span->prefix.addr, buffer)
			     : bw_prefix_format(&span->prefix, buffer);
}
