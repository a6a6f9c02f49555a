/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_status.h"

#include <string.h>
#include <unistd.h>

#include "app/common/log.h"
#include "app/common/terminal.h"
#include "report/survey/survey_progress.h"

#define UPDATE_NS (250 * BW_MS)
#define FIRST_UPDATE_NS BW_S

static void write_text(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return; /* it is only a progress line */
}

void survey_status_init(struct survey_status *status, struct bw_mono now)
{
	*status = (struct survey_status){
		.enabled = !log_is_quiet() && isatty(STDERR_FILENO) == 1,
		.width = terminal_width(STDERR_FILENO),
		.started = now,
		.updated_at = bw_mono_add(now, FIRST_UPDATE_NS - UPDATE_NS),
	};
}

static void show(struct survey_status *status, const struct survey_progress *progress)
{
	char line[SURVEY_PROGRESS_TEXT];

	write_text("\r");
	write_text(survey_progress_format(progress, status->width, line));
	write_text("\033[K");
	status->shown = true;
}

void survey_status_update(struct survey_status *status, const struct sweep *sweep,
			  struct bw_mono now, struct bw_mono listen_until)
{
	int64_t span = bw_mono_since(now, status->updated_at);
	struct sweep_stats stats;

	if (!status->enabled || span < UPDATE_NS)
		return;
	sweep_stats(sweep, &stats);
	show(status,
	     &(struct survey_progress){
		     .elapsed_ns = bw_mono_since(now, status->started),
		     .asked = sweep_progress(sweep),
		     .total = sweep_total(sweep),
		     .sent = stats.sent,
		     .answered = stats.answered,
		     .replies = stats.replies,
		     .lost = stats.lost,
		     .rate_pps = (double)(stats.sent - status->sent) * (double)BW_S / (double)span,
		     .listening_ns = listen_until.ns ? bw_mono_since(listen_until, now) : -1,
	     });
	status->updated_at = now;
	status->sent = stats.sent;
}

void survey_status_erase(struct survey_status *status)
{
	if (status->shown)
		write_text("\r\033[K");
	status->shown = false;
}
