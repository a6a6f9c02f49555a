/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/delivery/filter.h"

static bool is_among(const struct ship_text *text, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (ship_text_is(text, words[i]))
			return true;
	return false;
}

bool filter_is_ours(const struct filter *filter, const struct ship_line *line)
{
	if (filter->lane == FILTER_ALL)
		return true;
	return ship_text_is(&line->type, "event") == (filter->lane == FILTER_EVENTS);
}

bool filter_passes(const struct filter *filter, const struct ship_line *line)
{
	if (!filter_is_ours(filter, line))
		return false;
	if (filter->types && !is_among(&line->type, filter->types))
		return false;
	return !filter->targets || line->target.length == 0 ||
	       is_among(&line->target, filter->targets);
}
