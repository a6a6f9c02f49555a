/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/condition_text.h"

#include <stdio.h>

#define PERCENT 100.0

static void format_loss(const struct record_condition *c, char text[CONDITION_TEXT])
{
	snprintf(text, CONDITION_TEXT, "is %s: %.0f %% lost, usually %.0f %%",
		 bw_range_name(c->condition), PERCENT * c->loss_now, PERCENT * c->loss_usual);
}

static void format_delay(const struct record_condition *c, char text[CONDITION_TEXT])
{
	snprintf(text, CONDITION_TEXT, "is %s: %.0f ms, usually %.0f ms",
		 bw_range_name(c->condition), (double)c->rtt_now_ns / (double)BW_MS,
		 (double)c->rtt_usual_ns / (double)BW_MS);
}

char *condition_text(const struct record_condition *c, char text[CONDITION_TEXT])
{
	char length[BW_DURATION_TEXT];

	if (c->until.ns != 0)
		snprintf(text, CONDITION_TEXT, "is not %s any more, after %s",
			 bw_range_name(c->condition),
			 bw_duration_format(c->until.ns - c->since.ns, length));
	else if (c->condition == BW_RANGE_LOSS)
		format_loss(c, text);
	else
		format_delay(c, text);
	return text;
}
