/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trace/trace_print.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/common/exit.h"
#include "app/common/terminal.h"
#include "probe/trace/trace_plan.h"

#define NAMES_PATIENCE_NS BW_S /* for the names of the only trace */

static const char *name_of(void *self, const struct bw_addr *addr)
{
	return names_find(self, addr);
}

int trace_print_init(struct trace_print *print, const struct trace_record *record, bool json,
		     struct names *names, struct bw_err *err)
{
	const struct trace_destinations *destinations = record->destinations;

	*print = (struct trace_print){
		.json = json,
		.live = !json && destinations->trace_count == 1 && isatty(STDOUT_FILENO) && !names,
		.record = *record,
		.names = names,
		.text =
			{
				.paint = terminal_paint(STDOUT_FILENO),
				.out = stdout,
				.name_of = names ? name_of : NULL,
				.self = names,
			},
	};
	identity_host(print->host);
	identity_boot(print->boot);
	json_lines_init(&print->lines, STDOUT_FILENO);
	print->reached = calloc(destinations->count + 1, sizeof(*print->reached));
	if (!print->reached || trace_flows_init(&print->flows, destinations) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	return 0;
}

void trace_print_fini(struct trace_print *print)
{
	trace_flows_fini(&print->flows);
	free(print->reached);
}

static void ask_names(struct trace_print *print, const struct trace *trace)
{
	for (uint8_t ttl = 1; ttl <= trace->high; ttl++)
		if (trace->hops[ttl].state == TRACE_HOP_KNOWN && !trace->hops[ttl].from_stop_set &&
		    !trace_hop_is_near(trace, ttl, print->record.plan.privacy_ttl))
			names_ask(print->names, &trace->hops[ttl].from);
}

void trace_print_hop(void *self, const struct trace *trace)
{
	struct trace_print *print = self;
	struct record_trace record;
	uint8_t count = 0;

	if (print->names)
		ask_names(print, trace);
	if (!print->live)
		return;
	/* What lost a probe waits for the hops behind it, which say what that means. */
	while (count < trace->high && trace->hops[count + 1].state == TRACE_HOP_KNOWN &&
	       trace->hops[count + 1].tries <= 1 &&
	       trace->hops[count + 1].kind == TRACE_TIME_EXCEEDED)
		count++;
	record = trace_record_make(&print->record, trace, count);
	trace_text_hops(&print->text, &record, count);
}

static void put_record(struct trace_print *print, const struct record_trace *trace,
		       struct bw_now now)
{
	struct record record = {
		.type = RECORD_TRACE,
		.head = {print->host, print->boot, ++print->seq, now.wall},
		.trace = *trace,
	};
	struct record_sink sink = json_lines_sink(&print->lines);

	sink.put(sink.self, &record);
}

static void print_flows(const struct trace_print *print, uint64_t different)
{
	const char *before = " ";

	printf("%u flows", print->flows.flows);
	if (!different) {
		fputs(" met no different hops\n\n", stdout);
		return;
	}
	fputs(" met different hops at TTL", stdout);
	for (uint8_t ttl = 1; ttl <= TRACE_TTL_MAX; ttl++) {
		if (!(different & TRACE_TTL_BIT(ttl)))
			continue;
		printf("%s%u", before, ttl);
		before = ", ";
	}
	fputs("\n\n", stdout);
}

static void print_text(struct trace_print *print, const struct trace *trace,
		       const struct record_trace *record)
{
	uint64_t different;

	if (print->names && print->record.destinations->trace_count == 1)
		names_wait(print->names, NAMES_PATIENCE_NS);
	trace_text_end(&print->text, record);
	if (trace_flows_add(&print->flows, trace, &different))
		print_flows(print, different);
	else if (record->flow == print->flows.flows && print->record.destinations->trace_count > 1)
		putchar('\n');
	fflush(stdout);
}

void trace_print_trace(void *self, const struct trace *trace, struct bw_now now)
{
	struct trace_print *print = self;
	uint32_t destination = trace_destinations_of(print->record.destinations, trace->subject);
	struct record_trace record = trace_record_make(&print->record, trace, trace->last);

	if (trace->reached && !print->reached[destination]) {
		print->reached[destination] = true;
		print->reached_count++;
	}
	if (print->json)
		put_record(print, &record, now);
	else
		print_text(print, trace, &record);
}

int trace_print_end(struct trace_print *print, struct bw_err *err)
{
	uint32_t count = print->record.destinations->count;

	if (print->json)
		return json_lines_error(&print->lines) < 0
			       ? exit_stdout_failed(json_lines_error(&print->lines), err)
			       : 0;
	if (count > 1)
		printf("%" PRIu32 " of %" PRIu32 " destinations reached\n", print->reached_count,
		       count);
	return 0;
}
