/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_DELIVERY_FILTER_H
#define SHIP_DELIVERY_FILTER_H

#include "ship/line.h"

/* Which records a lane ships. */
enum filter_lane {
	FILTER_EVENTS, /* events only */
	FILTER_REST,   /* all but events */
	FILTER_ALL,    /* both: to count them */
};

struct filter {
	enum filter_lane lane;
	const char *const *types;   /* NULL at the end; NULL: all types */
	const char *const *targets; /* NULL at the end; NULL: all targets */
};

/* Whether the record is the business of this lane, whatever the sink wants. */
bool filter_is_ours(const struct filter *filter, const struct ship_line *line);

/* Whether the sink wants it, too. A record without a target is wanted by every sink. */
bool filter_passes(const struct filter *filter, const struct ship_line *line);

#endif
