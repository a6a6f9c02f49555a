/* SPDX-License-Identifier: Apache-2.0 */
#include "report/survey/survey_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

char *survey_count_format(double count, char buffer[SURVEY_COUNT_TEXT])
{
	static const char units[] = " kMGT";
	unsigned unit = 0;

	while (count >= 999.95 && unit < 4) {
		count /= 1000;
		unit++;
	}
	if (unit == 0)
		snprintf(buffer, SURVEY_COUNT_TEXT, "%.0f", count);
	else
		snprintf(buffer, SURVEY_COUNT_TEXT, "%.*f %c", count < 100 ? 1 : 0, count,
			 units[unit]);
	return buffer;
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

/* What is left, at the rate of just now; "" when nobody knows. */
static void format_left(const struct survey_progress *progress, char *text, size_t size)
{
	double left_s = (double)(progress->total - progress->asked) / progress->rate_pps;
	char duration[BW_DURATION_TEXT];

	text[0] = '\0';
	if (progress->listening_ns >= 0)
		snprintf(text, size, "  listening %s more",
			 bw_duration_format(progress->listening_ns / BW_S * BW_S, duration));
	else if (progress->rate_pps > 0 && left_s < 1e9)
		snprintf(text, size, "  %s left",
			 bw_duration_format((int64_t)(left_s + 0.5) * BW_S, duration));
}

char *survey_progress_format(const struct survey_progress *progress, unsigned columns,
			     char buffer[SURVEY_PROGRESS_TEXT])
{
	char sent[SURVEY_COUNT_TEXT], rate[SURVEY_COUNT_TEXT], answered[SURVEY_COUNT_TEXT];
	char left[64];

	format_left(progress, left, sizeof(left));
	snprintf(buffer, SURVEY_PROGRESS_TEXT,
		 "%" PRId64 " s  %.1f %%  %s sent, %s/s  %s answered (%.1f %%)  %" PRIu64 " lost%s",
		 progress->elapsed_ns / BW_S, percent(progress->asked, progress->total),
		 survey_count_format((double)progress->sent, sent),
		 survey_count_format(progress->rate_pps, rate),
		 survey_count_format((double)progress->answered, answered),
		 percent(progress->replies, progress->sent), progress->lost, left);
	if (columns && strlen(buffer) >= columns)
		buffer[columns - 1] = '\0';
	return buffer;
}
