/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/read/resume.h"

void resume_init(struct resume *resume, const struct position_place *place)
{
	*resume = (struct resume){.place = place};
}

void resume_line(struct resume *resume, const struct ship_line *line, uint64_t end)
{
	if (!ship_text_is(&line->boot, resume->place->boot))
		return;
	if (line->seq <= resume->place->seq)
		resume->offset = end;
	resume->reached |= line->seq >= resume->place->seq;
}

uint64_t resume_offset(const struct resume *resume)
{
	return resume->offset;
}

bool resume_is_place(const struct position_place *place, const struct ship_line *line)
{
	return line->seq == place->seq && ship_text_is(&line->boot, place->boot);
}
