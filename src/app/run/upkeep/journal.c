/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/upkeep/journal.h"

#include <stdio.h>
#include <string.h>

#include "app/common/local_time.h"
#include "app/common/log.h"
#include "report/text/condition_text.h"

void journal_start(const struct roster *roster)
{
	if (!log_is_journal())
		return;
	for (uint32_t i = 0; i < roster->target_count; i++) {
		const struct roster_target *target = &roster->targets[i];
		struct roster_range blocks = roster_target_blocks(roster, i);

		log_info("watching %s: %u networks, %u blocks", target->target->name,
			 target->network_count, blocks.end - blocks.first);
	}
}

/* Returns the characters written, at most SIZE - 1. */
static int format_outage(const struct record_event *event, char *text, size_t size)
{
	double seconds = (double)(event->outage_end.ns - event->outage_start.ns) / (double)BW_S;

	if (!event->has_outage)
		return snprintf(text, size, "%s", "");
	return snprintf(text, size, ", after %.0f s (to within %.0f s)", seconds,
			(double)event->outage_uncertainty_ns / (double)BW_S);
}

char *journal_format(const struct record_event *event, const char *local, char text[JOURNAL_TEXT])
{
	bool target = event->scope == BW_SCOPE_TARGET;
	char outage[96], latest[BW_WALL_TEXT];

	format_outage(event, outage, sizeof(outage));
	snprintf(text, JOURNAL_TEXT, "%s%s%.120s: %s, was %s, since %s%s at the latest%s%s",
		 target ? "" : event->target, target ? "" : " ", event->subject,
		 bw_verdict_name(event->to), bw_verdict_name(event->from),
		 bw_wall_format(event->latest, latest), local, outage,
		 event->withdraws ? " (an earlier event is withdrawn)" : "");
	return text;
}

static char *format_local(const struct record_event *event, const struct roster *roster,
			  char text[LOCAL_TIME_TEXT])
{
	struct local_time local = {0};

	for (uint32_t i = 0; i < roster->target_count && local.count == 0; i++)
		if (strcmp(roster->targets[i].target->name, event->target) == 0) {
			local_time_fini(&local);
			local_time_init(&local, &roster->targets[i].target, 1);
		}
	local_time_format(&local, event->target, event->latest, text);
	local_time_fini(&local);
	return text;
}

char *journal_format_condition(const struct record_condition *condition, char text[JOURNAL_TEXT])
{
	bool target = condition->scope == BW_SCOPE_TARGET;
	char words[CONDITION_TEXT];

	snprintf(text, JOURNAL_TEXT, "%s%s%.120s %s", target ? "" : condition->target,
		 target ? "" : " ", condition->subject, condition_text(condition, words));
	return text;
}

static void log_line(bool is_good, const char *text)
{
	if (is_good)
		log_info("%s", text);
	else
		log_warn("%s", text);
}

void journal_record(const struct record *record, const struct roster *roster)
{
	char text[JOURNAL_TEXT], local[LOCAL_TIME_TEXT];

	if (!log_is_journal())
		return;
	if (record->type == RECORD_EVENT && record->event.scope != BW_SCOPE_BLOCK)
		log_line(record->event.to == BW_UP,
			 journal_format(&record->event, format_local(&record->event, roster, local),
					text));
	if (record->type == RECORD_CONDITION && record->condition.scope != BW_SCOPE_BLOCK)
		log_line(record->condition.until.ns != 0,
			 journal_format_condition(&record->condition, text));
}
