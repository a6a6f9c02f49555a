/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/hotlist.h"

#define STEPS 255.0F
#define GAIN_MIN 0.1F /* of what is learned from one probe; at first as in a mean, ... */
#define GUESS_PROBES 2 /* ... in which the guess counts for so many */

static uint8_t quantise(float chance)
{
	return (uint8_t)(chance * STEPS + 0.5F);
}

void hotlist_init(struct hotlist *list, float hot, float cold)
{
	*list = (struct hotlist){.hot = quantise(hot), .cold = quantise(cold)};
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

float hotlist_availability(const struct hotlist *list, uint16_t host)
{
	return (float)(hotlist_has(list, host) ? list->hot : list->cold) / STEPS;
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
	bool cold = list->count < hosts; /* is there any? */
	unsigned ring = list->count + cold, at;

	place %= hosts;
	if (place >= ring)
		return pick_cold(list, hosts, cold_from, place - list->count);
	at = (list->next + place) % ring;
	return at < list->count ? list->hosts[at] : pick_cold(list, hosts, cold_from, 0);
}

void hotlist_turn(struct hotlist *list)
{
	list->next = (list->next + 1U) % (list->count + 1U) & 0xf;
}

/* Rounds away from the old value, so that small steps are not lost to the eight bits. */
static void learn(uint8_t *chance, bool answered, float gain)
{
	if (answered)
		*chance = (uint8_t)(*chance + (uint8_t)((STEPS - (float)*chance) * gain + 0.99F));
	else
		*chance = (uint8_t)(*chance - (uint8_t)((float)*chance * gain + 0.5F));
}

static float gain_of(const struct hotlist *list)
{
	float gain = 1 / (float)(list->learned + GUESS_PROBES + 1);

	return gain > GAIN_MIN ? gain : GAIN_MIN;
}

static void drop(struct hotlist *list, int index)
{
	list->count--;
	for (int i = index; i < list->count; i++)
		list->hosts[i] = list->hosts[i + 1];
}

void hotlist_learn(struct hotlist *list, uint16_t host, bool answered)
{
	int index = index_of(list, host);

	if (index < 0) {
		learn(&list->cold, answered, GAIN_MIN);
	} else {
		learn(&list->hot, answered, gain_of(list));
		list->learned = (uint8_t)(list->learned + (list->learned < UINT8_MAX));
	}
	if (answered && index < 0 && list->count < HOTLIST_MAX)
		list->hosts[list->count++] = host;
	if (!answered && index >= 0)
		drop(list, index);
	if (list->count > 0)
		list->next = (list->next + 1U) % list->count & 0xf;
}
