/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which parts of a block have gone silent while the others answer.
 *
 * Silence is summed up for each quarter in nats, each host once, until somebody of
 * the quarter answers. A host that answered when it was asked before (sure) weighs by
 * its availability. A cold one weighs by how often cold ones of another part answer
 * since the first was missed; a few are asked for that, so that the evening, when hosts
 * go off everywhere, empties no quarter. Quarters of a half that are both silent
 * count together.
 *
 * Only rounds in which the block answers are looked at, and the last word is that of
 * an answer from elsewhere, by another host than the last one: an outage of all, or a
 * lone border, has no parts. What was not found silent within some rounds has
 * emptied slowly: nobody is missed there until it answers again.
 *
 * A part that was found silent stays so until two answers, or one soon after.
 * Called by manner.c.
 */
#include "infer/parts.h"

#include <math.h>

#include "infer/belief.h"

#define NATS_STEPS 4
#define PART_ENTER 12.0F /* nats */
#define PART_HOSTS 4     /* are silent, at least, and one of them is sure */
#define PART_DOUBT 3     /* rounds, before others of it are asked: it may be a lost packet */
#define PART_ROUNDS 4
#define PART_PATIENCE 80 /* rounds to find out */
#define PART_ROUNDS_MAX 8 /* of silence are kept in mind: ... */
#define PART_ANSWER 4    /* ... an answer takes so many back */

static void add_to(uint8_t *value, unsigned more)
{
	*value = (uint8_t)(*value + more > UINT8_MAX ? UINT8_MAX : *value + more);
}

static void forget(struct parts *p, unsigned part)
{
	unsigned bit = 1U << part;

	p->silent[part] = 0;
	p->nats[part] = 0;
	p->cold[part] = p->sure[part] = 0;
	p->rounds[part] = p->gone & bit && p->rounds[part] > PART_ANSWER
				  ? (uint8_t)(p->rounds[part] - PART_ANSWER)
				  : 0;
	if (p->rounds[part] == 0)
		p->gone = p->gone & ~bit & 0xf;
}

/* Nobody is missed in any part: what follows is compared with what comes from now on. */
static void compare_anew(struct parts *p)
{
	for (unsigned part = 0; part < PARTS; part++)
		if (p->sure[part] > 0)
			return;
	for (unsigned part = 0; part < PARTS; part++)
		p->ups[part] = p->downs[part] = 0;
}

void parts_hear(struct parts *p, unsigned part, bool cold)
{
	add_to(&p->ups[part], cold);
	forget(p, part);
	p->inhabited = (p->inhabited | 1U << part) & 0xf;
}

void parts_miss(struct parts *p, unsigned part, uint16_t host, float sure_nats)
{
	uint16_t bit = (uint16_t)(1U << host % 16);
	bool sure = sure_nats > 0;

	if (sure)
		compare_anew(p);
	else
		add_to(&p->downs[part], 1);
	if (p->silent[part] & bit)
		return;
	p->silent[part] |= bit;
	add_to(&p->nats[part], (unsigned)(sure_nats * NATS_STEPS + 0.5F));
	add_to(sure ? &p->sure[part] : &p->cold[part], 1);
}

/* How often cold hosts answer at the time, in that part but these where they do it most. */
static float cold_elsewhere(const struct parts *p, unsigned parts)
{
	float best = 0;

	for (unsigned part = 0; part < PARTS; part++)
		if (!(parts & 1U << part))
			best = fmaxf(best, (float)p->ups[part] /
						   (float)(p->ups[part] + p->downs[part] + 2));
	return best;
}

/* What is known of these parts together. */
struct hush {
	float nats;
	unsigned sure, hosts, rounds;
};

static struct hush hush_of(const struct parts *p, unsigned parts)
{
	float weight = -belief_of_silence(cold_elsewhere(p, parts));
	struct hush hush = {0};

	for (unsigned part = 0; part < PARTS; part++) {
		if (!(parts & p->inhabited & 1U << part))
			continue;
		hush.nats += (float)p->nats[part] / NATS_STEPS + (float)p->cold[part] * weight;
		hush.sure += p->sure[part];
		hush.hosts += p->sure[part] + p->cold[part];
		if (hush.rounds < p->rounds[part])
			hush.rounds = p->rounds[part];
	}
	return hush;
}

static bool is_hushed(const struct parts *p, unsigned parts)
{
	struct hush hush = hush_of(p, parts);

	return hush.nats >= PART_ENTER && hush.sure > 0 && hush.hosts >= PART_HOSTS &&
	       hush.rounds >= PART_ROUNDS;
}

/* The parts that are silent enough, each by itself or with its neighbour in one half. */
static unsigned silent_parts(const struct parts *p)
{
	unsigned parts = 0;

	for (unsigned part = 0; part < PARTS; part++) {
		unsigned half = 3U << (part & 2);
		bool both = p->silent[part] && p->silent[part ^ 1];

		if (p->inhabited & 1U << part &&
		    (is_hushed(p, 1U << part) || (both && is_hushed(p, half))))
			parts |= 1U << part;
	}
	return parts;
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

void parts_judge(struct parts *p, unsigned heard)
{
	unsigned gone = p->gone | silent_parts(p);

	if ((heard & ~gone) == 0)
		return;
	for (unsigned part = 0; part < PARTS; part++)
		if ((gone & ~(unsigned)p->gone) >> part & 1)
			p->rounds[part] = PART_ROUNDS_MAX;
	p->gone = gone & 0xf;
}

bool parts_are_partial(const struct parts *p)
{
	return p->gone != 0 && (p->inhabited & ~(unsigned)p->gone) != 0;
}

/* More than one host of a half is missed, and nobody of it was heard since. */
static bool is_suspect(const struct parts *p, unsigned part)
{
	unsigned next = part ^ 1U, sure = p->sure[part], hosts = sure + p->cold[part];

	if (p->silent[next]) {
		sure += p->sure[next];
		hosts += p->sure[next] + p->cold[next];
	}
	return sure > 1 || hosts > 2;
}

unsigned parts_wanted(const struct parts *p, bool *ret_compare)
{
	unsigned wanted = p->gone;

	*ret_compare = false;
	for (unsigned part = 0; part < PARTS; part++) {
		if (p->gone & 1U << part || p->rounds[part] < PART_DOUBT || p->sure[part] == 0 ||
		    !is_suspect(p, part))
			continue;
		wanted |= 1U << part;
		*ret_compare = *ret_compare || p->cold[part] > 0;
	}
	return wanted;
}

bool parts_are_news(const struct parts *p, unsigned part, uint16_t host)
{
	return p->gone & 1U << part || !(p->silent[part] & 1U << host % 16);
}
