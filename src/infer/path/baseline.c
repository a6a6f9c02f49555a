/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/path/baseline.h"

#include <string.h>

#define WEIGHT_SHIFT 2 /* a new observation weighs 1/4 */
#define AGE_MAX UINT16_MAX
#define MINUTE_NS (60 * BW_S)
#define FORGET_MIN (7 * 24 * 60) /* a route that is taken once a week is known */

static void remove_at(struct baseline *b, unsigned index)
{
	memmove(&b->hops[index], &b->hops[index + 1], (b->count - index - 1U) * sizeof(b->hops[0]));
	b->count--;
}

/* In whole minutes; what is left of one counts with the next trace. */
static void age(struct baseline *b, struct bw_mono now)
{
	int64_t minutes = 0;

	if (b->traces == 0)
		b->aged = now;
	else if (!bw_mono_before(now, b->aged))
		minutes = bw_mono_since(now, b->aged) / MINUTE_NS;
	b->aged = bw_mono_add(b->aged, minutes * MINUTE_NS);
	for (unsigned n = b->count; n-- > 0;) {
		int64_t aged = b->hops[n].age_min + minutes;

		b->hops[n].age_min = aged < AGE_MAX ? (uint16_t)aged : AGE_MAX;
		if (aged > FORGET_MIN)
			remove_at(b, n);
	}
}

static int find(const struct baseline *b, uint8_t ttl, uint32_t hop)
{
	for (unsigned n = 0; n < b->count; n++)
		if (b->hops[n].ttl == ttl && b->hops[n].hop == hop)
			return (int)n;
	return -1;
}

/* Whether another hop of this TTL is younger. */
static bool is_outdated(const struct baseline *b, unsigned index)
{
	for (unsigned n = 0; n < b->count; n++)
		if (b->hops[n].ttl == b->hops[index].ttl &&
		    b->hops[n].age_min < b->hops[index].age_min)
			return true;
	return false;
}

/* The oldest of those that others have replaced; if there is none, the nearest to the vantage. */
static unsigned find_victim(const struct baseline *b)
{
	unsigned victim = 0;
	bool found = false;

	for (unsigned n = 0; n < b->count; n++) {
		if (!is_outdated(b, n))
			continue;
		if (!found || b->hops[n].age_min > b->hops[victim].age_min)
			victim = n;
		found = true;
	}
	return victim;
}

static void insert(struct baseline *b, struct baseline_hop hop)
{
	unsigned at = 0;

	if (b->count == BASELINE_HOPS_MAX)
		remove_at(b, find_victim(b));
	while (at < b->count && b->hops[at].ttl <= hop.ttl)
		at++;
	memmove(&b->hops[at + 1], &b->hops[at], (b->count - at) * sizeof(hop));
	b->hops[at] = hop;
	b->count++;
}

static uint8_t towards(uint8_t rate, uint8_t goal)
{
	int step = (goal - rate) / (1 << WEIGHT_SHIFT);

	if (step == 0 && goal != rate)
		step = goal > rate ? 1 : -1;
	return (uint8_t)(rate + step);
}

/* Nothing answered at this TTL: its hops in this flow answer less often than was thought. */
static void learn_silence(struct baseline *b, uint8_t ttl, unsigned flows)
{
	for (unsigned n = 0; n < b->count; n++)
		if (b->hops[n].ttl == ttl && b->hops[n].flows & flows && !is_outdated(b, n))
			b->hops[n].rate = towards(b->hops[n].rate, 0);
}

static void learn_answer(struct baseline *b, uint8_t ttl, unsigned flows, uint32_t hop)
{
	int index = find(b, ttl, hop);

	if (index < 0) {
		insert(b, (struct baseline_hop){
				  .hop = hop,
				  .ttl = ttl & (PATH_TTL_MAX - 1),
				  .flows = flows & 3,
				  .rate = BASELINE_RATE_MAX,
			  });
		return;
	}
	b->hops[index].rate = towards(b->hops[index].rate, BASELINE_RATE_MAX);
	b->hops[index].flows |= flows & 3;
	b->hops[index].age_min = 0;
}

/* Whether a hop stands at two TTLs: the path changed meanwhile, or its routers are odd. */
static bool repeats(const struct path *path)
{
	for (uint8_t a = 1; a < path->end; a++)
		for (uint8_t b = a + 1; b < path->end; b++)
			if (path->hops[a].answer == PATH_PASSED &&
			    bw_addr_equal(&path->hops[a].from, &path->hops[b].from))
				return true;
	return false;
}

void baseline_learn(struct baseline *b, struct hop_table *table, const struct path *path,
		    unsigned flow, struct bw_mono now)
{
	if (!path->reached || path->end == 0 || flow < 1 || flow > BASELINE_FLOWS ||
	    (b->traces > 0 && repeats(path)))
		return;
	age(b, now);
	b->traces += b->traces < UINT16_MAX;
	b->end = path->end;
	for (uint8_t ttl = 1; ttl < path->end; ttl++) {
		const struct path_hop *hop = &path->hops[ttl];
		uint32_t number;

		if (hop->answer == PATH_SILENT)
			learn_silence(b, ttl, 1U << (flow - 1));
		if (hop->answer != PATH_PASSED)
			continue;
		number = hop_table_add(table, &hop->from);
		if (number != HOP_NONE)
			learn_answer(b, ttl, 1U << (flow - 1), number);
	}
}

const struct baseline_hop *baseline_usual(const struct baseline *b, uint8_t ttl)
{
	const struct baseline_hop *best = NULL;

	for (unsigned n = 0; n < b->count; n++) {
		const struct baseline_hop *hop = &b->hops[n];

		if (hop->ttl != ttl || hop->ttl >= b->end || is_outdated(b, n))
			continue;
		if (!best || hop->rate > best->rate)
			best = hop;
	}
	return best && best->rate > BASELINE_RATE_MAX / 2 ? best : NULL;
}

uint64_t baseline_ttls(const struct baseline *b)
{
	uint64_t ttls = 0;

	for (uint8_t ttl = 1; ttl < b->end; ttl++)
		if (baseline_usual(b, ttl))
			ttls |= UINT64_C(1) << (ttl - 1);
	return ttls;
}

uint8_t baseline_find(const struct baseline *b, uint32_t hop)
{
	for (unsigned n = b->count; n-- > 0;)
		if (b->hops[n].hop == hop)
			return b->hops[n].ttl;
	return 0;
}

bool baseline_has(const struct baseline *b, uint8_t ttl, uint32_t hop)
{
	return find(b, ttl, hop) >= 0;
}
