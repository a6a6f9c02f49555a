/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/fleet_boots.h"

#include <stdio.h>
#include <string.h>

static struct fleet_boot *find(struct fleet_boots *boots, const char *boot)
{
	for (int n = 0; n < FLEET_BOOTS; n++)
		if (boots->list[n].boot[0] && strcmp(boots->list[n].boot, boot) == 0)
			return &boots->list[n];
	return NULL;
}

/* A free place, or that of the boot that was heard of longest ago; NULL: all are younger than T. */
static struct fleet_boot *make_room(struct fleet_boots *boots, int64_t t_ns)
{
	struct fleet_boot *oldest = &boots->list[0];

	for (int n = 0; n < FLEET_BOOTS; n++) {
		struct fleet_boot *place = &boots->list[n];

		if (!place->boot[0])
			return place;
		if (place->last_ns < oldest->last_ns)
			oldest = place;
	}
	return oldest->last_ns < t_ns ? oldest : NULL;
}

static int64_t later(int64_t a_ns, int64_t b_ns)
{
	return a_ns > b_ns ? a_ns : b_ns;
}

static void put(struct fleet_boot *place, const char *boot, int64_t first_ns, int64_t last_ns)
{
	*place = (struct fleet_boot){.first_ns = first_ns, .last_ns = last_ns};
	snprintf(place->boot, sizeof(place->boot), "%s", boot);
}

/* NULL: a late record of a boot that is over. */
static struct fleet_boot *note(struct fleet_boots *boots, const char *boot, int64_t t_ns)
{
	struct fleet_boot *known = find(boots, boot);

	if (!known) {
		known = make_room(boots, t_ns);
		if (known)
			put(known, boot, t_ns, t_ns);
	}
	if (!known)
		return NULL;
	if (t_ns < known->first_ns)
		known->first_ns = t_ns;
	if (t_ns > known->last_ns)
		known->last_ns = t_ns;
	known->changed = true;
	return known;
}

/* Two that began in one moment are ordered by their texts. */
static bool is_later(const struct fleet_boot *a, const struct fleet_boot *b)
{
	return a->first_ns != b->first_ns ? a->first_ns > b->first_ns
					  : strcmp(a->boot, b->boot) > 0;
}

bool fleet_boots_take(struct fleet_boots *boots, const char *boot, int64_t t_ns, int64_t window_ns)
{
	struct fleet_boot *own = note(boots, boot, t_ns);

	for (int n = 0; n < FLEET_BOOTS && own; n++) {
		const struct fleet_boot *other = &boots->list[n];

		if (other == own || !other->boot[0])
			continue;
		/* Another one had begun by then, later than this one, and was there. */
		if (is_later(other, own) && other->first_ns <= t_ns &&
		    other->last_ns >= t_ns - window_ns) {
			own->ignored_ns = later(own->ignored_ns, t_ns);
			return false;
		}
		/* The other one is not over: it has sent since this one began. */
		if (other->ignored_ns > own->first_ns && other->ignored_ns <= t_ns &&
		    other->ignored_ns >= t_ns - window_ns)
			own->doubled_ns = later(own->doubled_ns, t_ns);
	}
	if (own)
		boots->doubled_ns = later(boots->doubled_ns, own->doubled_ns);
	return true;
}

bool fleet_boots_are_two(const struct fleet_boots *boots, int64_t t_ns, int64_t window_ns)
{
	return boots->doubled_ns != 0 && t_ns - boots->doubled_ns <= window_ns;
}

void fleet_boots_load(struct fleet_boots *boots, const struct fleet_boot *boot)
{
	boots->doubled_ns = later(boots->doubled_ns, boot->doubled_ns);
	for (int n = 0; n < FLEET_BOOTS; n++) {
		if (boots->list[n].boot[0])
			continue;
		boots->list[n] = *boot;
		return;
	}
}
