/* SPDX-License-Identifier: Apache-2.0 */
#include "base/day.h"

#include <stdio.h>
#include <string.h>

#include <blockwatch/err.h>

int day_parse(const char *text, struct bw_wall *ret_time)
{
	char moment[BW_WALL_TEXT];

	if (strlen(text) != DAY_TEXT - 1)
		return BW_ERR_SYNTAX;
	snprintf(moment, sizeof(moment), "%sT00:00:00Z", text);
	return bw_wall_parse(moment, ret_time);
}

char *day_format(struct bw_wall time, char *buffer)
{
	char moment[BW_WALL_TEXT];

	bw_wall_format(time, moment);
	snprintf(buffer, DAY_TEXT, "%.10s", moment);
	return buffer;
}
