/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/confirmations.h"

#include <string.h>

static struct confirmations_vantage *find(struct confirmations *confirmations,
					  const struct ship_text *name)
{
	struct confirmations_vantage *vantage;

	for (unsigned i = 0; i < confirmations->count; i++)
		if (ship_text_is(name, confirmations->list[i].name))
			return &confirmations->list[i];
	if (confirmations->count == CONFIRMATIONS_VANTAGES)
		return NULL;
	vantage = &confirmations->list[confirmations->count];
	*vantage = (struct confirmations_vantage){.count = 0};
	if (!ship_text_copy(name, vantage->name, sizeof(vantage->name)))
		return NULL;
	confirmations->count++;
	return vantage;
}

void confirmations_note(struct confirmations *confirmations, const struct ship_line *line,
			uint64_t sequence)
{
	struct confirmations_vantage *vantage = find(confirmations, &line->vantage);
	struct confirmations_mark mark = {.seq = line->seq, .sequence = sequence};
	struct confirmations_mark *last;

	if (!vantage || !ship_text_copy(&line->boot, mark.boot, sizeof(mark.boot)))
		return;
	last = vantage->count > 0 ? &vantage->marks[vantage->count - 1] : NULL;
	/* A message that came again is older than the last mark, which stands for it. */
	if (last && sequence <= last->sequence)
		return;
	if (!last || (!vantage->open && vantage->count < CONFIRMATIONS_MARKS))
		last = &vantage->marks[vantage->count++];
	*last = mark;
	vantage->open = true;
}

void confirmations_end_batch(struct confirmations *confirmations)
{
	for (unsigned i = 0; i < confirmations->count; i++)
		confirmations->list[i].open = false;
}

bool confirmations_are_pending(const struct confirmations *confirmations)
{
	for (unsigned i = 0; i < confirmations->count; i++)
		if (confirmations->list[i].count > 0)
			return true;
	return false;
}

void confirmations_pass(struct confirmations *confirmations, uint64_t floor,
			void (*tell)(void *arg, const char *vantage,
				     const struct confirmations_mark *mark),
			void *arg)
{
	for (unsigned i = 0; i < confirmations->count; i++) {
		struct confirmations_vantage *vantage = &confirmations->list[i];
		unsigned passed = 0;

		while (passed < vantage->count && vantage->marks[passed].sequence <= floor)
			passed++;
		if (passed == 0)
			continue;
		tell(arg, vantage->name, &vantage->marks[passed - 1]);
		vantage->count -= passed;
		memmove(vantage->marks, vantage->marks + passed,
			vantage->count * sizeof(vantage->marks[0]));
	}
}

void confirmations_clear(struct confirmations *confirmations)
{
	confirmations->count = 0;
}
