/* SPDX-License-Identifier: Apache-2.0 */
#include "app/simulate/simulate_text.h"

#include <string.h>

#include "base/clean.h"
#include "report/text/condition_text.h"

#define SECONDS_TEXT 19 /* of an RFC 3339 time, up to the seconds */

void simulate_text_time(struct bw_wall time, FILE *out)
{
	char text[BW_WALL_TEXT];

	bw_wall_format(time, text);
	text[10] = ' ';
	fprintf(out, "%.*s", SECONDS_TEXT, text);
}

/* Tells if SUBJECT, a block of the target NAME, is a whole network, which says the same. */
static bool is_network(const struct simulation *simulation, const char *name, const char *subject)
{
	struct bw_prefix prefix;

	if (bw_prefix_parse(subject, &prefix, NULL) < 0)
		return false;
	for (size_t t = 0; t < simulation->target_count; t++) {
		const struct bw_target *target = simulation->targets[t];

		if (strcmp(target->name, name) != 0)
			continue;
		for (size_t n = 0; n < target->network_count; n++)
			if (bw_prefix_compare(&target->networks[n].prefix, &prefix) == 0)
				return true;
	}
	return false;
}

/* Prints the time of a change with its bounds. */
static void print_change(const struct record_event *event, const struct local_time *local,
			 FILE *out)
{
	char text[BW_DURATION_TEXT], there[LOCAL_TIME_TEXT];

	if (!event->earliest.ns)
		return;
	fprintf(out, ", at ");
	simulate_text_time(event->latest, out);
	fputs(local_time_format(local, event->target, event->latest, there), out);
	fprintf(out, " or up to %s before",
		bw_duration_format(event->latest.ns - event->earliest.ns, text));
}

static void print_outage(const struct record_event *event, FILE *out)
{
	char length[BW_DURATION_TEXT], uncertainty[BW_DURATION_TEXT];

	if (event->has_outage)
		fprintf(out, " after %s (to within %s)",
			bw_duration_format(event->outage_end.ns - event->outage_start.ns, length),
			bw_duration_format(event->outage_uncertainty_ns, uncertainty));
}

void simulate_text_event(const struct simulation *simulation, const struct local_time *local,
			 const struct record *record, FILE *out)
{
	const struct record_event *event = &record->event;
	char there[LOCAL_TIME_TEXT];

	if (event->scope == BW_SCOPE_BLOCK &&
	    is_network(simulation, event->target, event->subject))
		return;
	simulate_text_time(record->head.time, out);
	fputs(local_time_format(local, event->target, record->head.time, there), out);
	fputs(event->scope == BW_SCOPE_TARGET ? "  " : "    ", out);
	clean_print(event->subject, out);
	fprintf(out, " is %s%s", bw_verdict_name(event->to),
		event->to == BW_UP && event->from != BW_UNKNOWN ? " again" : "");
	if (event->withdraws)
		fprintf(out, ": event %llu is withdrawn", (unsigned long long)event->withdraws);
	print_outage(event, out);
	if (event->to == BW_DARK || event->to == BW_PARTLY_DARK) {
		print_change(event, local, out);
		fprintf(out, ", onset %s, %.4g %% sure", bw_onset_name(event->onset),
			100 * event->confidence);
	}
	fputc('\n', out);
}

void simulate_text_condition(const struct simulation *simulation, const struct record *record,
			     FILE *out)
{
	const struct record_condition *condition = &record->condition;
	char text[CONDITION_TEXT];

	if (condition->scope == BW_SCOPE_BLOCK &&
	    is_network(simulation, condition->target, condition->subject))
		return;
	simulate_text_time(record->head.time, out);
	fputs(condition->scope == BW_SCOPE_TARGET ? "  " : "    ", out);
	clean_print(condition->subject, out);
	fprintf(out, " %s\n", condition_text(condition, text));
}

void simulate_text_begin(const struct simulation *simulation, struct bw_mono end, FILE *out)
{
	const struct scenario *scenario = simulation->scenario;
	char length[BW_DURATION_TEXT];

	clean_print(scenario->name, out);
	fputs(": ", out);
	clean_print(scenario->title ? scenario->title : "a scenario", out);
	fputc('\n', out);
	fprintf(out, "%s from ", bw_duration_format(end.ns, length));
	simulate_text_time(scenario->start, out);
	fprintf(out, " UTC on, seed %llu\n\n", (unsigned long long)simulation->seed);
}
