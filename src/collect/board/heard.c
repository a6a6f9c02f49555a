/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/heard.h"

#include <errno.h>
#include <string.h>

void heard_init(struct heard *heard, int64_t stale_ns)
{
	heard->spans = array_of(sizeof(struct heard_span));
	heard->stale_ns = stale_ns;
}

void heard_fini(struct heard *heard)
{
	array_fini(&heard->spans);
}

static struct heard_span *span_at(const struct heard *heard, uint32_t n)
{
	return array_at(&heard->spans, n);
}

/* The number of spans that begin at T or before. */
static uint32_t find(const struct heard *heard, int64_t t_ns)
{
	uint32_t low = 0, high = heard->spans.count;

	if (high > 0 && span_at(heard, high - 1)->from_ns <= t_ns)
		return high;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (span_at(heard, middle)->from_ns <= t_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int insert(struct heard *heard, uint32_t at, struct heard_span span)
{
	struct heard_span *to;

	if (array_add(&heard->spans, &span) < 0)
		return -ENOMEM;
	to = span_at(heard, at);
	memmove(to + 1, to, (heard->spans.count - 1 - at) * sizeof(*to));
	*to = span;
	return 0;
}

static void erase(struct heard *heard, uint32_t at)
{
	struct heard_span *span = span_at(heard, at);

	memmove(span, span + 1, (heard->spans.count - 1 - at) * sizeof(*span));
	heard->spans.count--;
}

/* Whether the gap between two spans is none. */
static bool reaches(const struct heard *heard, const struct heard_span *a,
		    const struct heard_span *b)
{
	return a->healthy == b->healthy && b->from_ns - a->to_ns <= heard->stale_ns;
}

/* T lies in a span that says otherwise: what is behind it becomes a span of its own. */
static int64_t split(struct heard *heard, uint32_t at, int64_t t_ns, bool healthy)
{
	struct heard_span *span = span_at(heard, at);
	const struct heard_span behind = {span->to_ns, span->to_ns, span->healthy};

	if (t_ns == span->from_ns)
		return INT64_MAX; /* two records of one moment: the first counts */
	span->to_ns = t_ns - 1;
	if (behind.from_ns > t_ns && insert(heard, at + 1, behind) < 0)
		return -ENOMEM;
	return insert(heard, at + 1, (struct heard_span){t_ns, t_ns, healthy}) < 0 ? -ENOMEM : t_ns;
}

/* Joins the span at AT with the one behind it, where they reach each other. */
static void join(struct heard *heard, uint32_t at)
{
	if (at + 1 >= heard->spans.count)
		return;
	if (!reaches(heard, span_at(heard, at), span_at(heard, at + 1)))
		return;
	span_at(heard, at)->to_ns = span_at(heard, at + 1)->to_ns;
	erase(heard, at + 1);
}

static int64_t add_one(struct heard *heard, int64_t t_ns, bool healthy)
{
	const uint32_t n = find(heard, t_ns);
	struct heard_span *before = n > 0 ? span_at(heard, n - 1) : NULL;
	const struct heard_span one = {t_ns, t_ns, healthy};
	int64_t changed = t_ns;

	if (before && t_ns <= before->to_ns)
		return healthy == before->healthy ? INT64_MAX : split(heard, n - 1, t_ns, healthy);
	if (before && reaches(heard, before, &one)) {
		/* What it has said already counts until then. */
		changed = before->to_ns + heard->stale_ns;
		before->to_ns = t_ns;
		join(heard, n - 1);
		return changed;
	}
	if (insert(heard, n, one) < 0)
		return -ENOMEM;
	join(heard, n);
	return changed;
}

/*
 * The span at AT lasts until TO, over those behind it that say the same; one that says otherwise
 * stays, and *RET_REST is where it ends. INT64_MAX: there is no such span.
 */
static void extend(struct heard *heard, uint32_t at, int64_t to_ns, int64_t *ret_rest)
{
	struct heard_span *span = span_at(heard, at);

	*ret_rest = INT64_MAX;
	while (at + 1 < heard->spans.count && span[1].from_ns <= to_ns) {
		if (span[1].healthy != span->healthy) {
			if (span[1].from_ns - 1 > span->to_ns)
				span->to_ns = span[1].from_ns - 1;
			*ret_rest = span[1].to_ns + 1;
			return;
		}
		if (span[1].to_ns > span->to_ns)
			span->to_ns = span[1].to_ns;
		erase(heard, at + 1);
	}
	if (to_ns > span->to_ns)
		span->to_ns = to_ns;
	join(heard, at);
}

int64_t heard_add(struct heard *heard, int64_t from_ns, int64_t to_ns, bool healthy)
{
	int64_t first = INT64_MAX;

	while (from_ns <= to_ns) {
		const int64_t changed = add_one(heard, from_ns, healthy);
		const uint32_t n = changed < 0 ? 0 : find(heard, from_ns);
		int64_t was_ns;

		if (n == 0)
			return changed;
		first = changed < first ? changed : first;
		was_ns = span_at(heard, n - 1)->to_ns;
		if (to_ns > was_ns && was_ns + heard->stale_ns < first)
			first = was_ns + heard->stale_ns;
		extend(heard, n - 1, to_ns, &from_ns);
	}
	return first;
}

int64_t heard_start(const struct heard *heard, int64_t t_ns, bool healthy)
{
	const uint32_t n = find(heard, t_ns);
	const struct heard_span *before = n > 0 ? span_at(heard, n - 1) : NULL;
	const struct heard_span one = {t_ns, t_ns, healthy};

	if (!before || before->healthy != healthy ||
	    (t_ns > before->to_ns && !reaches(heard, before, &one)))
		return t_ns;
	return before->from_ns;
}

bool heard_was_healthy(const struct heard *heard, int64_t t_ns)
{
	const uint32_t n = find(heard, t_ns);

	return n == 0 || span_at(heard, n - 1)->healthy;
}

bool heard_can_tell(const struct heard *heard, int64_t t_ns)
{
	const uint32_t n = find(heard, t_ns);
	const struct heard_span *span = n > 0 ? span_at(heard, n - 1) : NULL;

	return span && span->healthy && t_ns - span->to_ns < heard->stale_ns;
}
