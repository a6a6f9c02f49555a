/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/claims.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void claims_init(struct claims *claims)
{
	claims->said = array_of(sizeof(struct claim));
	claims->changes = array_of(sizeof(struct change));
}

void claims_fini(struct claims *claims)
{
	array_fini(&claims->said);
	array_fini(&claims->changes);
}

/*
 * A vantage reckons its times anew for each record, to the microsecond. Claims whose times are in
 * the same millisecond are one, so that the claims of a block are the same in whatever order they
 * came; two that lie on both sides of its end stay two, and their change is one (apply()).
 */
#define WOBBLE_NS BW_MS

static struct claim *said_at(const struct claims *claims, uint32_t n)
{
	return array_at(&claims->said, n);
}

static struct change *change_at(const struct claims *claims, uint32_t n)
{
	return array_at(&claims->changes, n);
}

static bool is_same(const struct claim *a, const struct claim *b)
{
	return a->verdict == b->verdict && claim_bucket(a) == claim_bucket(b);
}

static int compare(const struct claim *a, const struct claim *b)
{
	if (a->said_ns != b->said_ns)
		return a->said_ns < b->said_ns ? -1 : 1;
	if (a->since_ns != b->since_ns)
		return a->since_ns < b->since_ns ? -1 : 1;
	return (int)a->verdict - (int)b->verdict;
}

/* Moves the last claim to its place. */
static void sort_last(struct claims *claims)
{
	for (uint32_t n = claims->said.count - 1; n > 0; n--) {
		struct claim *later = said_at(claims, n), *earlier = said_at(claims, n - 1);
		const struct claim moved = *later;

		if (compare(earlier, later) <= 0)
			return;
		*later = *earlier;
		*earlier = moved;
	}
}

/* A claim is never said before the time since it holds. */
static struct claim *find(const struct claims *claims, const struct claim *claim, uint32_t *ret_n)
{
	for (uint32_t n = claims->said.count; n > 0; n--) {
		struct claim *known = said_at(claims, n - 1);

		if (known->said_ns < claim->since_ns - WOBBLE_NS)
			return NULL;
		if (is_same(known, claim)) {
			*ret_n = n - 1;
			return known;
		}
	}
	return NULL;
}

bool claims_knows(const struct claims *claims, const struct claim *claim)
{
	uint32_t n;
	const struct claim *known = find(claims, claim, &n);

	return known && (known->said_ns >= claim->said_ns || n == claims->said.count - 1) &&
	       known->since_ns <= claim->since_ns && known->earliest_ns <= claim->earliest_ns;
}

const struct claim *claims_last(const struct claims *claims)
{
	return claims->said.count > 0 ? said_at(claims, claims->said.count - 1) : NULL;
}

/* The same claim again: the last time it was said counts, and the wider bounds. */
static int take(struct claims *claims, const struct claim *claim)
{
	struct claim taken = *claim;
	uint32_t n;
	struct claim *known = find(claims, claim, &n);

	if (known) {
		if (known->said_ns > taken.said_ns)
			taken.said_ns = known->said_ns;
		if (known->since_ns < taken.since_ns)
			taken.since_ns = known->since_ns;
		if (known->earliest_ns < taken.earliest_ns)
			taken.earliest_ns = known->earliest_ns;
		memmove(known, known + 1, (claims->said.count - n - 1) * sizeof(*known));
		claims->said.count--;
	}
	if (array_add(&claims->said, &taken) < 0)
		return -ENOMEM;
	sort_last(claims);
	return 0;
}

/* The same change again, reckoned anew: the wider bounds count. */
static bool widen(struct change *change, const struct change *known)
{
	const int64_t apart = known->at_ns - change->at_ns;

	if (change->verdict != known->verdict || apart > WOBBLE_NS || -apart > WOBBLE_NS)
		return false;
	if (known->at_ns < change->at_ns)
		change->at_ns = known->at_ns;
	if (known->earliest_ns < change->earliest_ns)
		change->earliest_ns = known->earliest_ns;
	return true;
}

/* A claim replaces everything that was said of the time since it holds. */
static int apply(struct array *changes, const struct claim *claim)
{
	struct change change = {claim->since_ns, claim->earliest_ns, claim->verdict};

	for (; changes->count > 0; changes->count--) {
		const struct change *last = array_at(changes, changes->count - 1);

		if (!widen(&change, last) && last->at_ns < change.at_ns)
			break;
	}
	if (changes->count > 0) {
		const struct change *last = array_at(changes, changes->count - 1);

		if (last->verdict == claim->verdict)
			return 0;
	}
	return array_add(changes, &change) < 0 ? -ENOMEM : 0;
}

/* Where the bounds of the changes from N on begin. */
static int64_t first_bound(const struct array *changes, uint32_t n)
{
	int64_t first = INT64_MAX;

	for (; n < changes->count; n++) {
		const struct change *change = array_at(changes, n);

		if (change->earliest_ns < first)
			first = change->earliest_ns;
	}
	return first;
}

static bool is_same_change(const struct change *a, const struct change *b)
{
	return a->at_ns == b->at_ns && a->verdict == b->verdict && a->earliest_ns == b->earliest_ns;
}

static int64_t first_difference(const struct array *before, const struct array *after)
{
	uint32_t n = 0;
	int64_t a, b;

	while (n < before->count && n < after->count &&
	       is_same_change(array_at(before, n), array_at(after, n)))
		n++;
	a = first_bound(before, n);
	b = first_bound(after, n);
	return a < b ? a : b;
}

/* The usual case: nothing later was said, so nothing of it comes behind this claim. */
static int64_t append(struct claims *claims, const struct claim *claim)
{
	const uint32_t count = claims->changes.count;
	const struct change *last = count ? change_at(claims, count - 1) : NULL;
	const bool goes_on = last && last->at_ns < claim->since_ns - WOBBLE_NS &&
			     last->verdict == claim->verdict;
	const uint32_t keeps = claims_after(claims, claim->since_ns - WOBBLE_NS - 1);
	int64_t from = first_bound(&claims->changes, keeps);

	if (array_add(&claims->said, claim) < 0 || apply(&claims->changes, claim) < 0)
		return -ENOMEM;
	if (claim->earliest_ns < from)
		from = claim->earliest_ns;
	return goes_on ? INT64_MAX : from;
}

/* What follows from all claims but the first SKIPPED. Returns 0, or -ENOMEM and an empty list. */
static int reckon(const struct claims *claims, uint32_t skipped, struct array *ret_changes)
{
	int result = 0;

	*ret_changes = array_of(sizeof(struct change));
	for (uint32_t n = skipped; n < claims->said.count && result == 0; n++)
		result = apply(ret_changes, said_at(claims, n));
	if (result < 0)
		array_fini(ret_changes);
	return result;
}

static int64_t insert(struct claims *claims, const struct claim *claim)
{
	struct array changes;
	int result = take(claims, claim);
	int64_t from;

	if (result == 0)
		result = reckon(claims, 0, &changes);
	if (result < 0)
		return result;
	from = first_difference(&claims->changes, &changes);
	array_fini(&claims->changes);
	claims->changes = changes;
	return from;
}

/* A claim that is known is said again. */
static void repeat(struct claims *claims, const struct claim *claim)
{
	struct claim *last = said_at(claims, claims->said.count - 1);

	if (is_same(last, claim) && last->said_ns < claim->said_ns)
		last->said_ns = claim->said_ns;
}

int64_t claims_add(struct claims *claims, const struct claim *claim)
{
	const uint32_t count = claims->said.count;
	uint32_t n;

	if (claims_knows(claims, claim)) {
		repeat(claims, claim);
		return INT64_MAX;
	}
	if (!find(claims, claim, &n) &&
	    (count == 0 || compare(said_at(claims, count - 1), claim) <= 0))
		return append(claims, claim);
	return insert(claims, claim);
}

uint32_t claims_after(const struct claims *claims, int64_t t_ns)
{
	uint32_t low = 0, high = claims->changes.count;

	if (high > 0 && change_at(claims, high - 1)->at_ns <= t_ns)
		return high;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (change_at(claims, middle)->at_ns <= t_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct change *claims_at(const struct claims *claims, int64_t t_ns)
{
	const uint32_t n = claims_after(claims, t_ns);

	return n > 0 ? change_at(claims, n - 1) : NULL;
}

uint32_t claims_old(const struct claims *claims, int64_t t_ns)
{
	uint32_t n = 0;

	while (n < claims->said.count && said_at(claims, n)->said_ns < t_ns)
		n++;
	return n > 0 ? n - 1 : 0;
}

int claims_forget(struct claims *claims, uint32_t count)
{
	struct array changes;

	if (count == 0)
		return 0;
	if (reckon(claims, count, &changes) < 0)
		return -ENOMEM;
	array_fini(&claims->changes);
	claims->changes = changes;
	claims->said.count -= count;
	memmove(claims->said.items, said_at(claims, count), claims->said.count * claims->said.size);
	return 0;
}
