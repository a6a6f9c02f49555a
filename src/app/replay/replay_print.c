/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay/replay_print.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/common/terminal.h"
#include "base/clean.h"
#include "report/text/condition_text.h"
#include "report/trace/trace_text.h"

int replay_print_init(struct replay_print *print, const struct bw_target *const *targets,
		      size_t count)
{
	*print = (struct replay_print){
		.text = check_text_new(terminal_paint(STDOUT_FILENO),
				       terminal_width(STDOUT_FILENO)),
	};
	local_time_init(&print->local, targets, count);
	return print->text ? 0 : -ENOMEM;
}

void replay_print_fini(struct replay_print *print)
{
	local_time_fini(&print->local);
	check_text_free(print->text);
	if (print->traces)
		fclose(print->traces);
	free(print->traces_text);
}

/* Formats a time as "2014-12-22 16:15:00", in UTC. */
static const char *moment(struct bw_wall time, char text[BW_WALL_TEXT])
{
	bw_wall_format(time, text);
	text[10] = ' ';
	text[19] = '\0';
	return text;
}

static void print_outage(const struct record_event *event)
{
	char length[BW_DURATION_TEXT], more[BW_DURATION_TEXT];

	printf(", was dark for %s",
	       bw_duration_format(event->outage_end.ns - event->outage_start.ns, length));
	if (event->outage_uncertainty_ns > 0)
		printf(" (at most %s more)",
		       bw_duration_format(event->outage_uncertainty_ns, more));
}

static void print_event(const struct record_event *event, const struct local_time *local)
{
	char detected[BW_WALL_TEXT], earliest[BW_WALL_TEXT], latest[BW_WALL_TEXT];
	char there[LOCAL_TIME_TEXT];

	printf("%s%s  %s ", moment(event->detected, detected),
	       local_time_format(local, event->target, event->detected, there),
	       bw_scope_name(event->scope));
	clean_print(event->subject, stdout);
	putchar(' ');
	if (event->withdraws) {
		puts("was not dark after all: a late reply came");
		return;
	}
	printf("%s, was %s", bw_verdict_name(event->to), bw_verdict_name(event->from));
	if (event->earliest.ns == 0)
		printf("; changed before %s", moment(event->latest, latest) + 11);
	else
		printf("; changed between %s and %s", moment(event->earliest, earliest) + 11,
		       moment(event->latest, latest) + 11);
	if (event->onset != BW_ONSET_UNKNOWN)
		printf(", %s", bw_onset_name(event->onset));
	if (event->has_outage)
		print_outage(event);
	putchar('\n');
}

static void print_condition(const struct record *record)
{
	const struct record_condition *condition = &record->condition;
	char time[BW_WALL_TEXT], text[CONDITION_TEXT];

	printf("%s  %s ", moment(record->head.time, time), bw_scope_name(condition->scope));
	clean_print(condition->subject, stdout);
	printf(" %s\n", condition_text(condition, text));
}

static void print_first(struct replay_print *print)
{
	if (!print->any_event)
		puts("Events (UTC):");
	print->any_event = true;
}

static void print_health(struct replay_print *print, const struct record *record)
{
	const struct record_vantage *vantage = &record->vantage;
	char time[BW_WALL_TEXT];

	if (vantage->healthy != print->unhealthy)
		return;
	print_first(print);
	print->unhealthy = !vantage->healthy;
	printf("%s  vantage ", moment(record->head.time, time));
	fputs(vantage->healthy ? "hears from others again" : "cannot tell:", stdout);
	for (unsigned i = 0; i < BW_REASONS; i++)
		if (vantage->reasons & 1U << i)
			printf(" %s (%s)", bw_reason_name(i), bw_reason_help(i));
	putchar('\n');
}

static void take_trace(struct replay_print *print, const struct record *record)
{
	struct trace_text text = {.paint = terminal_paint(STDOUT_FILENO)};
	char time[BW_WALL_TEXT];

	if (print->trace_count++ >= REPLAY_PRINT_TRACES)
		return;
	if (!print->traces)
		print->traces = open_memstream(&print->traces_text, &print->traces_length);
	text.out = print->traces;
	if (!text.out)
		return;
	fprintf(text.out, "%s  ", moment(record->head.time, time));
	trace_text_end(&text, &record->trace);
	fputc('\n', text.out);
}

static void print_traces(struct replay_print *print)
{
	if (!print->traces || fflush(print->traces) != 0)
		return;
	printf("\nTraces, by the time of their end (UTC):\n%s", print->traces_text);
	if (print->trace_count > REPLAY_PRINT_TRACES)
		printf("and %" PRIu64 " more traces, which --json prints\n\n",
		       print->trace_count - REPLAY_PRINT_TRACES);
}

static void put_record(void *self, const struct record *record)
{
	struct replay_print *print = self;
	struct record_sink sink = check_text_sink(print->text);

	if (record->type == RECORD_EVENT) {
		print_first(print);
		print_event(&record->event, &print->local);
		return;
	}
	if (record->type == RECORD_TRACE) {
		take_trace(print, record);
		return;
	}
	if (record->type == RECORD_CONDITION) {
		print_first(print);
		print_condition(record);
		return;
	}
	if (record->type == RECORD_VANTAGE)
		print_health(print, record);
	sink.put(sink.self, record);
}

struct record_sink replay_print_sink(struct replay_print *print)
{
	return (struct record_sink){.put = put_record, .self = print};
}

void replay_print_head(const struct capture_index *index)
{
	const struct bw_addr *v4 = capture_index_vantage(index, 4),
			     *v6 = capture_index_vantage(index, 6);
	char text[2][BW_ADDR_TEXT], start[BW_WALL_TEXT];
	size_t hosts;

	(void)capture_index_hosts(index, &hosts);
	printf("%" PRIu64 " frames from %s UTC on; %s%s%s asked %zu host%s\n\n",
	       capture_index_frames(index), moment(capture_index_start(index).wall, start),
	       v4 ? bw_addr_format(v4, text[0]) : "", v4 && v6 ? " and " : "",
	       v6 ? bw_addr_format(v6, text[1]) : "", hosts, hosts == 1 ? "" : "s");
}

static void print_unread(const struct capture_index *index)
{
	char unread[CAPTURE_INDEX_UNREAD_TEXT];
	uint64_t blank = capture_index_blank_checksums(index);

	if (capture_index_unread(index, unread))
		printf("Not read: %s\n", unread);
	if (blank > 0)
		printf("%" PRIu64 " probes have an IP checksum of 0, as they left for the network "
		       "card that fills it in; they count\n",
		       blank);
}

static void print_some(const char *before, uint64_t count, const char *what)
{
	if (count > 0)
		printf("%s%" PRIu64 " %s", before, count, what);
}

static void print_counts(const struct replay *replay)
{
	struct passive_stats stats;
	uint64_t rejected = 0;

	replay_stats(replay, &stats);
	for (unsigned i = 0; i < REJECTS; i++)
		rejected += i == REJECT_UNRELATED ? 0 : stats.rejected[i];
	printf("\n%" PRIu64 " probes: %" PRIu64 " answered (%" PRIu64 " late), ", stats.requests,
	       stats.replies, stats.late);
	print_some("", stats.expired, "ended on the way (TTL), ");
	printf("%" PRIu64 " refused by routers, %" PRIu64 " silent", stats.errors - stats.expired,
	       stats.timeouts - stats.late);
	print_some(", ", stats.repeated, "sent again before an answer");
	print_some(", ", stats.open, "still open where the capture ends or has a gap");
	printf("; %" PRIu64 " packets rejected\n", rejected);
	if (stats.untracked > 0)
		printf("%" PRIu64 " of the probes were too many at once to be followed\n",
		       stats.untracked);
}

int replay_print_end(struct replay_print *print, const struct capture_index *index,
		     const struct replay *replay)
{
	uint64_t untraced = replay_untraced(replay);
	int code;

	if (!print->any_event)
		fputs("No event: no verdict changed.\n", stdout);
	print_traces(print);
	if (!print->traces)
		putchar('\n');
	code = check_text_print(print->text, stdout);
	print_counts(replay);
	if (untraced > 0)
		printf("%" PRIu64 " probes of traces were too many at once, and are left out\n",
		       untraced);
	print_unread(index);
	return code == -ENOMEM ? code : 0;
}
