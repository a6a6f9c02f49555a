/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which parts of a block have gone silent while the others answer.
 *
 * Silence is summed up for each quarter in nats, each host once, until somebody of
 * the quarter answers. A host that answered when it was asked before (sure) weighs by
 * its availability. A cold one weighs by how often cold ones answer, which is the less
 * of what was usual and of what the other half does since the first was missed; a few
 * are asked for that, so that the evening, when hosts go off everywhere, empties no
 * quarter. Quarters of a half that are both silent count together.
 *
 * Only rounds in which the block answers are looked at, and the last word is that of
 * an answer from elsewhere, by another host than the last one: an outage of all, or a
 * lone border, has no parts. What was not found silent within some rounds has
 * emptied slowly: nobody is missed there until it answers again.
 *
 * A part that was found silent stays so until two answers, or one soon after.
 * Called by condition.c.
 */
#include "infer/condition/parts.h"

#include <math.h>

#include "infer/condition/saturate.h"
#include "infer/evidence/belief.h"

#define NATS_STEPS 4
#define FAITH 2          /* so many cold hosts elsewhere are taken for silent ones */
#define PART_DENSE 0.4F  /* with fewer cold hosts that answer it costs too much to look */
#define PART_LOOK 2.5F   /* nats, from which on others of it are asked, ... */
#define PART_ENTER 15.0F /* ... and from which on it is gone */
#define PART_HOSTS 4     /* are silent, at least */
#define PART_DOUBT 3     /* rounds, before others of it are asked: it may be a lost packet */
#define PART_ROUNDS 4
#define PART_PATIENCE 80  /* rounds to find out */
#define PART_ROUNDS_MAX 8 /* of silence are kept in mind: ... */
#define PART_ANSWER 4     /* ... an answer takes so many back */

static void forget(struct parts *p, unsigned part)
{
	unsigned bit = 1U << part;

	p->silent[part] = 0;
	p->nats[part] = p->sure[part] = 0;
	p->rounds[part] = p->gone & bit && p->rounds[part] > PART_ANSWER
				  ? (uint8_t)(p->rounds[part] - PART_ANSWER)
				  : 0;
	if (p->rounds[part] == 0)
		p->gone = p->gone & ~bit & 0xf;
}

unsigned parts_of(const struct bw_addr *addr, unsigned length)
{
	unsigned part = 0;

	if (length + 2 > bw_addr_bits(addr))
		return 0;
	for (unsigned bit = length; bit < length + 2; bit++)
		part = part << 1 | (addr->bytes[bit / 8] >> (7 - bit % 8) & 1U);
	return part;
}

void parts_hear(struct parts *p, unsigned part, bool cold)
{
	saturate_add(&p->ups[part / 2], cold);
	forget(p, part);
	p->inhabited = (p->inhabited | 1U << part) & 0xf;
}

void parts_miss(struct parts *p, unsigned part, uint16_t host, float sure_nats)
{
	uint16_t bit = (uint16_t)(1U << host % 16);
	unsigned half = part / 2;
	bool sure = sure_nats > 0;

	saturate_add(&p->downs[half], !sure);
	if (!p->silent[part] && !p->silent[part ^ 1]) /* compared with what comes from now on */
		p->ups[!half] = p->downs[!half] = 0;
	if (p->silent[part] & bit)
		return;
	p->silent[part] |= bit;
	saturate_add(&p->nats[part], (unsigned)(sure_nats * NATS_STEPS + 0.5F));
	p->sure[part] += sure;
}

/* How often cold hosts of the other half answer since somebody is missed in this one. */
static float cold_opposite(const struct parts *p, unsigned half)
{
	return (float)p->ups[!half] / (float)(p->ups[!half] + p->downs[!half] + FAITH);
}

/* What is known of these parts together. */
struct hush {
	float nats;
	unsigned hosts, rounds;
};

/* The silence of a cold host weighs as if it answered COLD often. */
static struct hush hush_of(const struct parts *p, unsigned parts, float cold)
{
	float weight = -belief_of_silence(cold);
	struct hush hush = {0};

	for (unsigned part = 0; part < PARTS; part++) {
		unsigned hosts = (unsigned)__builtin_popcount(p->silent[part]);

		if (!(parts & p->inhabited & 1U << part))
			continue;
		hush.nats +=
			(float)p->nats[part] / NATS_STEPS + (float)(hosts - p->sure[part]) * weight;
		hush.hosts += hosts;
		if (hush.rounds < p->rounds[part])
			hush.rounds = p->rounds[part];
	}
	return hush;
}

/* The part by itself or, where both quarters of its half are silent, that half. */
static bool is_hushed(const struct parts *p, unsigned part, float cold)
{
	unsigned half = part / 2;
	float weight = fminf(cold, cold_opposite(p, half));
	struct hush hush = hush_of(p, 1U << part, weight);

	if (!(p->inhabited & 1U << part) || !p->silent[part])
		return false;
	if (hush.nats < PART_ENTER && p->silent[part ^ 1])
		hush = hush_of(p, 3U << 2 * half, weight);
	return hush.nats >= PART_ENTER && hush.hosts >= PART_HOSTS && hush.rounds >= PART_ROUNDS;
}

void parts_age(struct parts *p, unsigned missed)
{
	for (unsigned part = 0; part < PARTS; part++) {
		unsigned bit = 1U << part;

		if (!p->silent[part])
			continue;
		if (p->gone & bit) {
			p->rounds[part] += missed & bit && p->rounds[part] < PART_ROUNDS_MAX;
			continue;
		}
		if (++p->rounds[part] <= PART_PATIENCE)
			continue;
		forget(p, part);
		p->inhabited = p->inhabited & ~bit & 0xf;
	}
}

void parts_judge(struct parts *p, unsigned heard, float cold)
{
	unsigned gone = p->gone;

	for (unsigned part = 0; part < PARTS; part++)
		gone |= (unsigned)is_hushed(p, part, cold) << part;
	if ((heard & ~gone) == 0)
		return;
	for (unsigned part = 0; part < PARTS; part++)
		if ((gone & ~(unsigned)p->gone) >> part & 1)
			p->rounds[part] = PART_ROUNDS_MAX;
	p->gone = gone & 0xf;
}

bool parts_are_calm(const struct parts *p)
{
	for (unsigned part = 0; part < PARTS; part++)
		if (p->silent[part] || p->rounds[part])
			return false;
	return p->gone == 0;
}

bool parts_are_partial(const struct parts *p)
{
	return p->gone != 0 && (p->inhabited & ~(unsigned)p->gone) != 0;
}

/* So much is silent that it is worth to ask others, the usual share of cold ones given. */
static bool is_suspect(const struct parts *p, unsigned part, float cold)
{
	unsigned both = p->silent[part ^ 1] ? 3U << 2 * (part / 2) : 1U << part;

	return cold >= PART_DENSE && p->silent[part] && p->rounds[part] >= PART_DOUBT &&
	       hush_of(p, both, cold).nats >= PART_LOOK;
}

unsigned parts_wanted(const struct parts *p, float cold, bool *ret_compare)
{
	unsigned wanted = p->gone;

	*ret_compare = false;
	for (unsigned part = 0; part < PARTS; part++) {
		if (p->gone & 1U << part || !is_suspect(p, part, cold))
			continue;
		wanted |= 1U << part;
		if (hush_of(p, 1U << part, cold).hosts >= PART_HOSTS) /* is it the whole half? */
			wanted |= 1U << (part ^ 1) & p->inhabited;
		*ret_compare = true;
	}
	return wanted;
}

bool parts_are_news(const struct parts *p, unsigned part, uint16_t host)
{
	return p->gone & 1U << part || !(p->silent[part] & 1U << host % 16);
}
