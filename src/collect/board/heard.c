/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/heard.h"

#include <errno.h>
#include <string.h>

void heard_init(struct heard *heard)
{
	heard->spans = array_of(sizeof(struct heard_span));
	heard->states = array_of(sizeof(struct heard_state));
}

void heard_fini(struct heard *heard)
{
	array_fini(&heard->spans);
	array_fini(&heard->states);
}

static struct heard_span *span_at(const struct heard *heard, uint32_t n)
{
	return array_at(&heard->spans, n);
}

static struct heard_state *state_at(const struct heard *heard, uint32_t n)
{
	return array_at(&heard->states, n);
}

/* Both kinds of items begin with their time. */
static int64_t time_at(const struct array *list, uint32_t n)
{
	int64_t t_ns;

	memcpy(&t_ns, array_at(list, n), sizeof(t_ns));
	return t_ns;
}

/* The number of items that begin at T or before. */
static uint32_t find(const struct array *list, int64_t t_ns)
{
	uint32_t low = 0, high = list->count;

	if (high > 0 && time_at(list, high - 1) <= t_ns)
		return high;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (time_at(list, middle) <= t_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int insert(struct array *list, uint32_t at, const void *item)
{
	uint8_t *to;

	if (array_add(list, item) < 0)
		return -ENOMEM;
	to = array_at(list, at);
	memmove(to + list->size, to, (list->count - 1 - at) * list->size);
	memcpy(to, item, list->size);
	return 0;
}

static void erase(struct array *list, uint32_t at)
{
	uint8_t *item = array_at(list, at);

	memmove(item, item + list->size, (list->count - 1 - at) * list->size);
	list->count--;
}

/* The span at AT takes in those behind it that it reaches. */
static void join(struct heard *heard, uint32_t at)
{
	struct heard_span *span = span_at(heard, at);

	while (at + 1 < heard->spans.count && span[1].from_ns <= span->until_ns) {
		if (span[1].until_ns > span->until_ns)
			span->until_ns = span[1].until_ns;
		erase(&heard->spans, at + 1);
	}
}

int64_t heard_add(struct heard *heard, int64_t from_ns, int64_t until_ns)
{
	const struct heard_span added = {from_ns, until_ns};
	const uint32_t n = find(&heard->spans, from_ns);
	struct heard_span *before = n > 0 ? span_at(heard, n - 1) : NULL;
	int64_t changed;

	if (until_ns <= from_ns)
		return INT64_MAX;
	if (before && before->until_ns >= from_ns) {
		if (before->until_ns >= until_ns)
			return INT64_MAX;
		changed = before->until_ns;
		before->until_ns = until_ns;
		join(heard, n - 1);
		return changed;
	}
	if (insert(&heard->spans, n, &added) < 0)
		return -ENOMEM;
	join(heard, n);
	return from_ns;
}

int64_t heard_shorten(struct heard *heard, int64_t until_ns)
{
	const uint32_t count = heard->spans.count;
	struct heard_span *last = count > 0 ? span_at(heard, count - 1) : NULL;

	if (!last || until_ns <= last->from_ns || until_ns >= last->until_ns)
		return INT64_MAX;
	last->until_ns = until_ns;
	return until_ns;
}

bool heard_knows(const struct heard *heard, int64_t at_ns, bool healthy)
{
	const uint32_t n = find(&heard->states, at_ns);
	const struct heard_state *last = n > 0 ? state_at(heard, n - 1) : NULL;

	return last && last->at_ns == at_ns && (!last->healthy || healthy);
}

/* As the vantage said at statement N - 1; it is fit until it says anything. */
static bool was_healthy(const struct heard *heard, uint32_t n)
{
	return n == 0 || state_at(heard, n - 1)->healthy;
}

int64_t heard_say(struct heard *heard, int64_t at_ns, bool healthy)
{
	const struct heard_state said = {at_ns, healthy};
	const uint32_t n = find(&heard->states, at_ns);

	if (heard_knows(heard, at_ns, healthy))
		return INT64_MAX;
	if (n > 0 && state_at(heard, n - 1)->at_ns == at_ns) {
		state_at(heard, n - 1)->healthy = healthy;
		return at_ns;
	}
	if (insert(&heard->states, n, &said) < 0)
		return -ENOMEM;
	return was_healthy(heard, n) == healthy ? INT64_MAX : at_ns;
}

int64_t heard_start(const struct heard *heard, int64_t t_ns)
{
	const uint32_t n = find(&heard->spans, t_ns);

	if (n == 0 || span_at(heard, n - 1)->until_ns < t_ns)
		return t_ns;
	return span_at(heard, n - 1)->from_ns;
}

int64_t heard_end_after(const struct heard *heard, int64_t t_ns)
{
	int64_t end = INT64_MAX;

	for (uint32_t n = heard->spans.count; n > 0; n--) {
		if (span_at(heard, n - 1)->until_ns <= t_ns)
			break;
		end = span_at(heard, n - 1)->until_ns;
	}
	return end;
}

bool heard_can_tell(const struct heard *heard, int64_t t_ns)
{
	const uint32_t n = find(&heard->spans, t_ns);

	return n > 0 && t_ns < span_at(heard, n - 1)->until_ns &&
	       was_healthy(heard, find(&heard->states, t_ns));
}

uint32_t heard_redundant(const struct heard *heard, uint32_t n, int64_t before_ns)
{
	const uint32_t count = heard->states.count;

	for (n = n > 0 ? n : 1; n + 1 < count && state_at(heard, n)->at_ns < before_ns; n++)
		if (state_at(heard, n - 1)->healthy == state_at(heard, n)->healthy &&
		    state_at(heard, n + 1)->healthy == state_at(heard, n)->healthy)
			return n;
	return count;
}

void heard_forget(struct heard *heard, uint32_t n)
{
	erase(&heard->states, n);
}
