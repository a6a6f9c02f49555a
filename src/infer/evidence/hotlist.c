/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/evidence/hotlist.h"

#include <math.h>

#include <blockwatch/time.h>

#define STEPS 65535.0F
#define GAIN_MIN 0.02F     /* weight of one probe; at first as in a mean, ... */
#define GUESS_PROBES 2     /* ... in which the initial rate counts as this many */
#define GAIN_AGAIN 0.0625F /* weight of one second silence */
#define AGAIN_GUESS 0.25F  /* rate after one silence before anything is learned */
#define AGAIN_KEEP 0.5F    /* where more doubted hosts answer, they stay on the list */
#define CHANCE_MAX 0.99F   /* limit, so that odds are finite */
#define OFF_FACTOR 4       /* hosts may be off this much more often at present than was seen */
#define DOUBTED 0.5F       /* doubted hosts answer at least as often as cold ones, up to this */
#define FRESH 0.3F /* failures of the host that answered last, against the one that is due */
#define USUAL 6    /* the usual number of hot hosts where there are enough candidates */
#define RATE_MIN (1 / (86400 * (float)BW_S)) /* the least rate at which hosts go off */
#define LOSS 0.02F                           /* the share of failures that is loss */

static uint16_t quantise(float chance)
{
	return (uint16_t)(chance * STEPS + 0.5F);
}

void hotlist_init(struct hotlist *list, float hot, float cold)
{
	*list = (struct hotlist){
		.hot = quantise(hot),
		.cold = quantise(cold),
		.again = quantise(AGAIN_GUESS),
	};
}

void hotlist_restore(struct hotlist *list, float hot, float cold, float again)
{
	hotlist_init(list, hot, cold);
	list->learned = HOTLIST_LEARNED_MAX;
	if (again >= 0)
		list->again = quantise(again);
}

static int index_of(const struct hotlist *list, uint16_t host)
{
	for (int i = 0; i < list->count; i++)
		if (list->hosts[i] == host)
			return i;
	return -1;
}

bool hotlist_has(const struct hotlist *list, uint16_t host)
{
	return index_of(list, host) >= 0;
}

bool hotlist_is_responsive(const struct hotlist *list, uint16_t host)
{
	int index = index_of(list, host);

	return index >= 0 && index >= list->doubted;
}

bool hotlist_is_doubted(const struct hotlist *list, uint16_t host)
{
	int index = index_of(list, host);

	return index >= 0 && index < list->doubted;
}

unsigned hotlist_fresher(const struct hotlist *list, uint16_t host)
{
	int index = index_of(list, host);

	return index < 0 ? 0 : list->count - (unsigned)index - 1;
}

unsigned hotlist_responsive(const struct hotlist *list)
{
	return list->count - list->doubted;
}

float hotlist_hot_rate(const struct hotlist *list)
{
	return (float)list->hot / STEPS;
}

float hotlist_cold_rate(const struct hotlist *list)
{
	return (float)list->cold / STEPS;
}

float hotlist_retry_rate(const struct hotlist *list)
{
	return (float)list->again / STEPS;
}

/*
 * A hot host answers with (1 - off)(1 - loss), and after one silence with what Bayes' rule
 * makes of that. The two rates give the loss.
 */
static float loss_of(const struct hotlist *list)
{
	float hot = fminf(hotlist_hot_rate(list), CHANCE_MAX);

	return fminf(hotlist_retry_rate(list) * (1 - hot) / hot, 1 - hot);
}

float hotlist_after_silences(const struct hotlist *list, float availability, unsigned silences)
{
	float loss = loss_of(list), on = 1 - OFF_FACTOR * (1 - availability / (1 - loss));

	on = fminf(fmaxf(on, 0), CHANCE_MAX);
	for (; silences > 0; silences--)
		on = on * loss / (on * loss + 1 - on);
	return on * (1 - loss);
}

float hotlist_availability(const struct hotlist *list, uint16_t hosts, uint16_t host)
{
	int index = index_of(list, host);
	float hot = hotlist_hot_rate(list), age;

	if (index < 0)
		return hotlist_cold_rate(list);
	if (index < list->doubted)
		return fmaxf(hotlist_after_silences(list, hot, 1),
			     fminf(hotlist_cold_rate(list), DOUBTED));
	age = (float)(list->count - index) / (float)(hosts < USUAL ? hosts : USUAL);
	return 1 - (1 - hot) * (FRESH + (1 - FRESH) * fminf(age, 1));
}

float hotlist_aged(const struct hotlist *list, uint16_t hosts, uint16_t host, int64_t elapsed_ns,
		   int64_t round_ns)
{
	float now = hotlist_availability(list, hosts, host), cold = hotlist_cold_rate(list);
	float turn_ns = (float)(hosts < USUAL ? hosts : USUAL) * (float)round_ns;
	float rate = fmaxf((1 - hotlist_hot_rate(list) - LOSS) / (1 - cold) / turn_ns, RATE_MIN);

	return now <= cold ? now : cold + (now - cold) * expf(-rate * (float)elapsed_ns);
}

static uint16_t pick_cold(const struct hotlist *list, uint16_t hosts, uint16_t from, unsigned place)
{
	for (uint16_t host = from % hosts;; host = (uint16_t)((host + 1) % hosts))
		if (!hotlist_has(list, host) && place-- == 0)
			return host;
}

uint16_t hotlist_pick(const struct hotlist *list, uint16_t hosts, uint16_t cold_from,
		      unsigned place)
{
	bool cold = list->count < hosts; /* is there any cold host? */
	unsigned ring = list->count + cold, at;

	place %= hosts;
	if (place >= ring)
		return pick_cold(list, hosts, cold_from, place - list->count);
	at = (list->start + place) % ring;
	if (at >= list->count)
		return pick_cold(list, hosts, cold_from, 0);
	return list->hosts[at == 0 ? 0 : list->count - at];
}

void hotlist_rotate(struct hotlist *list)
{
	list->start = (list->start + 1U) % (list->count + 1U) & 0xf;
}

static void learn(uint16_t *chance, bool answered, float gain)
{
	float value = (float)*chance;

	*chance = (uint16_t)(value + ((answered ? STEPS : 0) - value) * gain + 0.5F);
}

static float gain_of(const struct hotlist *list)
{
	float gain = 1 / (float)(list->learned + GUESS_PROBES + 1);

	return gain > GAIN_MIN ? gain : GAIN_MIN;
}

static unsigned method_at(const struct hotlist *list, unsigned index)
{
	return list->methods >> 2 * index & (HOTLIST_METHODS - 1);
}

static void put(struct hotlist *list, unsigned index, uint16_t host, unsigned method)
{
	unsigned mask = (HOTLIST_METHODS - 1U) << 2 * index;

	if (method >= HOTLIST_METHODS)
		method = HOTLIST_METHODS - 1;
	list->hosts[index] = host;
	list->methods = (uint16_t)((list->methods & ~mask) | method << 2 * index);
}

unsigned hotlist_method(const struct hotlist *list, uint16_t host)
{
	int index = index_of(list, host);

	return index < 0 ? 0 : method_at(list, (unsigned)index);
}

bool hotlist_expects(const struct hotlist *list, uint16_t host, unsigned method)
{
	return hotlist_is_responsive(list, host) && method == hotlist_method(list, host);
}

static void drop(struct hotlist *list, unsigned index)
{
	list->doubted = (list->doubted - (index < list->doubted)) & 7;
	list->count = (list->count - 1U) & 7;
	for (unsigned i = index; i < list->count; i++)
		put(list, i, list->hosts[i + 1], method_at(list, i + 1));
}

bool hotlist_add(struct hotlist *list, uint16_t host, unsigned method)
{
	if (list->count == HOTLIST_MAX || hotlist_has(list, host))
		return false;
	put(list, list->count, host, method);
	list->count = (list->count + 1U) & 7;
	return true;
}

void hotlist_doubt_all(struct hotlist *list)
{
	list->doubted = list->count;
}

/* Moves a host to the end of the doubted ones. */
static void doubt(struct hotlist *list, unsigned index)
{
	uint16_t host = list->hosts[index];
	unsigned method = method_at(list, index);

	list->doubted = (list->doubted + (index >= list->doubted)) & 7;
	for (; index + 1 < list->doubted; index++)
		put(list, index, list->hosts[index + 1], method_at(list, index + 1));
	for (; index + 1 > list->doubted; index--)
		put(list, index, list->hosts[index - 1], method_at(list, index - 1));
	put(list, index, host, method);
}

static void learn_chance(struct hotlist *list, int index, bool answered)
{
	if (index < 0) {
		learn(&list->cold, answered, GAIN_MIN);
	} else if (index < list->doubted) {
		learn(&list->again, answered, GAIN_AGAIN);
	} else {
		learn(&list->hot, answered, gain_of(list));
		list->learned = (list->learned + (list->learned < HOTLIST_LEARNED_MAX)) &
				HOTLIST_LEARNED_MAX;
	}
}

void hotlist_learn(struct hotlist *list, uint16_t host, unsigned method, bool answered)
{
	int index = index_of(list, host);

	list->start = 0;
	/* Silence to another method than the one it answers says nothing. */
	if (!answered && index >= 0 && method != method_at(list, (unsigned)index))
		return;
	learn_chance(list, index, answered);
	if (answered) {
		if (index >= 0)
			drop(list, (unsigned)index);
		else if (list->count == HOTLIST_MAX && list->doubted > 0)
			drop(list, 0);
		(void)hotlist_add(list, host, method);
	} else if (index >= list->doubted ||
		   (index >= 0 && hotlist_retry_rate(list) > AGAIN_KEEP)) {
		doubt(list, (unsigned)index);
	} else if (index >= 0) {
		drop(list, (unsigned)index);
	}
}

void hotlist_learn_retry(struct hotlist *list)
{
	learn(&list->again, false, GAIN_AGAIN);
}
