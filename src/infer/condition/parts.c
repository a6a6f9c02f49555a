/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which parts of a block have gone silent while the others answer.
 *
 * For each quarter the silence of its hosts is summed up in nats, each host once, until a host
 * of the quarter answers. A host that used to answer weighs by its availability. A cold host
 * weighs by the rate at which cold hosts answer: the usual rate, or the rate in the other half
 * since the first host was missing, whichever is less. Some cold hosts are probed to learn that
 * rate, so that the evening, when hosts go off everywhere, empties no quarter. Two silent
 * quarters of one half count together.
 *
 * Only rounds in which the block answers count, and a part goes only after an answer from
 * elsewhere by another host than the last one: an outage of the whole block, or its border, has
 * no parts. A part that is not found silent within some rounds has emptied slowly; no host is
 * missing there until one answers again.
 *
 * A part that is gone stays so until two answers, or until one that comes soon. Called by
 * observe.c and extra.c.
 */
#include "infer/condition/parts.h"

#include <math.h>

#include "infer/condition/saturate.h"
#include "infer/evidence/belief.h"

#define NATS_STEPS 4
#define PRIOR 2          /* cold hosts elsewhere that are assumed to be silent */
#define PART_DENSE 0.4F  /* with a lower rate of cold hosts probing costs too much */
#define PART_LOOK 2.5F   /* nats from which on others of it are probed, ... */
#define PART_ENTER 15.0F /* ... and from which on it is gone */
#define PART_HOSTS 4     /* that are silent, at least */
#define PART_DOUBT 3     /* rounds before others of it are probed: it may be a lost packet */
#define PART_ROUNDS 4
#define PART_PATIENCE 80  /* rounds to find out */
#define PART_ROUNDS_MAX 8 /* the most that are counted: ... */
#define PART_ANSWER 4     /* ... an answer takes this many back */

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
	if (!p->silent[part] && !p->silent[part ^ 1]) /* compare from now on */
		p->ups[!half] = p->downs[!half] = 0;
	if (p->silent[part] & bit)
		return;
	p->silent[part] |= bit;
	saturate_add(&p->nats[part], (unsigned)(sure_nats * NATS_STEPS + 0.5F));
	p->sure[part] += sure;
}

/* The rate of cold hosts in the other half since a host is missing in this one. */
static float cold_opposite(const struct parts *p, unsigned half)
{
	return (float)p->ups[!half] / (float)(p->ups[!half] + p->downs[!half] + PRIOR);
}

/* The silence of some parts together. */
struct part_silence {
	float nats;
	unsigned hosts, rounds;
};

/* COLD: the rate by which the silence of a cold host weighs. */
static struct part_silence silence_of(const struct parts *p, unsigned parts, float cold)
{
	float weight = -belief_of_silence(cold);
	struct part_silence silence = {0};

	for (unsigned part = 0; part < PARTS; part++) {
		unsigned hosts = (unsigned)__builtin_popcount(p->silent[part]);

		if (!(parts & p->inhabited & 1U << part))
			continue;
		silence.nats +=
			(float)p->nats[part] / NATS_STEPS + (float)(hosts - p->sure[part]) * weight;
		silence.hosts += hosts;
		if (silence.rounds < p->rounds[part])
			silence.rounds = p->rounds[part];
	}
	return silence;
}

/* The part alone or, where both quarters of its half are silent, that half. */
static bool is_silent(const struct parts *p, unsigned part, float cold)
{
	unsigned half = part / 2;
	float weight = fminf(cold, cold_opposite(p, half));
	struct part_silence silence = silence_of(p, 1U << part, weight);

	if (!(p->inhabited & 1U << part) || !p->silent[part])
		return false;
	if (silence.nats < PART_ENTER && p->silent[part ^ 1])
		silence = silence_of(p, 3U << 2 * half, weight);
	return silence.nats >= PART_ENTER && silence.hosts >= PART_HOSTS &&
	       silence.rounds >= PART_ROUNDS;
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
		gone |= (unsigned)is_silent(p, part, cold) << part;
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

/* Whether so much is silent that others of the part should be probed. */
static bool is_suspect(const struct parts *p, unsigned part, float cold)
{
	unsigned both = p->silent[part ^ 1] ? 3U << 2 * (part / 2) : 1U << part;

	return cold >= PART_DENSE && p->silent[part] && p->rounds[part] >= PART_DOUBT &&
	       silence_of(p, both, cold).nats >= PART_LOOK;
}

unsigned parts_wanted(const struct parts *p, float cold, bool *ret_compare)
{
	unsigned wanted = p->gone;

	*ret_compare = false;
	for (unsigned part = 0; part < PARTS; part++) {
		if (p->gone & 1U << part || !is_suspect(p, part, cold))
			continue;
		wanted |= 1U << part;
		if (silence_of(p, 1U << part, cold).hosts >= PART_HOSTS) /* is it the whole half? */
			wanted |= 1U << (part ^ 1) & p->inhabited;
		*ret_compare = true;
	}
	return wanted;
}

bool parts_are_news(const struct parts *p, unsigned part, uint16_t host)
{
	return p->gone & 1U << part || !(p->silent[part] & 1U << host % 16);
}
