/* SPDX-License-Identifier: Apache-2.0 */
#include "report/trace/trace_text.h"

#include <inttypes.h>
#include <string.h>

#define WIDTH_V4 15 /* of an address */
#define WIDTH_V6 39
#define NAME_MAX_BYTES 256

static void print_begin(struct trace_text *text, const struct record_trace *trace)
{
	char addr[BW_ADDR_TEXT], method[BW_METHOD_TEXT], target[NAME_MAX_BYTES];

	bw_addr_format(&trace->destination, addr);
	paint_clean(&text->paint, trace->target, target, sizeof(target));
	fprintf(text->out, "%s%s%s", paint_begin(&text->paint, PAINT_BOLD), addr,
		paint_end(&text->paint, PAINT_BOLD));
	if (strcmp(target, addr) != 0)
		fprintf(text->out, " of %s", target);
	fprintf(text->out, " by %s", bw_method_format(trace->method, method));
	if (trace->flow > 1)
		fprintf(text->out, ", flow %u", trace->flow);
	fputc('\n', text->out);
	text->begun = true;
}

static void print_labels(const struct record_trace_hop *hop, FILE *out)
{
	for (unsigned n = 0; n < hop->label_count; n++)
		fprintf(out, "%s%" PRIu32, n ? "/" : "  MPLS ", (uint32_t)hop->labels[n].label);
}

/* Whether an answer is worth a word of its own. */
static bool is_telling(const struct record_trace_hop *hop)
{
	return hop->kind == TRACE_UNREACHABLE || hop->reply == REPLY_RST ||
	       hop->reply == REPLY_PORT_UNREACHABLE || hop->reply == REPLY_PROTOCOL_UNREACHABLE;
}

static void print_notes(const struct trace_text *text, const struct record_trace_hop *hop)
{
	enum paint_style style = hop->kind == TRACE_UNREACHABLE ? PAINT_RED : PAINT_PLAIN;
	FILE *out = text->out;

	if (hop->asn)
		fprintf(out, "  AS%" PRIu32, hop->asn);
	if (hop->country[0]) {
		char country[2 * sizeof(hop->country)];

		fprintf(out, "%s%s", hop->asn ? " " : "  ",
			paint_clean(&text->paint, hop->country, country, sizeof(country)));
	}
	print_labels(hop, out);
	if (is_telling(hop))
		fprintf(out, "  %s%s%s", paint_begin(&text->paint, style),
			reply_kind_name(hop->reply), paint_end(&text->paint, style));
	if (hop->limited && hop->lost > 0)
		fputs("  limited", out);
	else if (hop->lost > 0 && hop->from.family)
		fprintf(out, "  lost %u of %u", hop->lost, hop->lost + 1U);
	if (hop->from_stop_set)
		fprintf(out, "  %sknown%s", paint_begin(&text->paint, PAINT_DIM),
			paint_end(&text->paint, PAINT_DIM));
}

static void print_name(const struct trace_text *text, const struct bw_addr *addr)
{
	const char *name = text->name_of ? text->name_of(text->self, addr) : NULL;
	char clean[NAME_MAX_BYTES];

	if (name)
		fprintf(text->out, "  %s", paint_clean(&text->paint, name, clean, sizeof(clean)));
}

static void print_hop(const struct trace_text *text, const struct record_trace *trace, unsigned ttl)
{
	const struct record_trace_hop *hop = &trace->hops[ttl - 1];
	int width = trace->destination.family == 4 ? WIDTH_V4 : WIDTH_V6;
	char addr[BW_ADDR_TEXT];

	if (hop->unasked)
		return;
	fprintf(text->out, "%3u  ", ttl);
	if (hop->hidden) {
		fputs(RECORD_HIDDEN "\n", text->out);
		return;
	}
	if (hop->from.family == 0) {
		fputs(hop->from_stop_set ? "*  known\n" : "*\n", text->out);
		return;
	}
	fprintf(text->out, "%-*s", width, bw_addr_format(&hop->from, addr));
	if (hop->rtt_ns >= 0)
		fprintf(text->out, "  %9.3f ms", (double)hop->rtt_ns / (double)BW_MS);
	print_notes(text, hop);
	print_name(text, &hop->from);
	fputc('\n', text->out);
}

/* The last hop that answered; 0: none did. */
static uint8_t last_known(const struct record_trace *trace)
{
	uint8_t ttl = trace->hop_count;

	while (ttl > 0 && trace->hops[ttl - 1].from.family == 0 && !trace->hops[ttl - 1].hidden)
		ttl--;
	return ttl;
}

static void print_sent(const struct record_trace *trace, const char *before, FILE *out)
{
	fprintf(out, "%s, %" PRIu32 " probe%s\n", before, trace->sent, trace->sent == 1 ? "" : "s");
}

static void print_stop(const struct trace_text *text, const struct record_trace *trace)
{
	uint8_t last = last_known(trace);
	FILE *out = text->out;

	switch (trace->stopped) {
	case TRACE_REACHED:
		fputs(trace->hop_count ? "reached" : "reached: this machine itself", out);
		break;
	case TRACE_STOP_UNREACHABLE:
		fputs(trace->hop_count ? "unreachable" : "unreachable: no route from here", out);
		break;
	case TRACE_GAP:
		if (last == 0) {
			print_sent(trace, "not reached: no hop answers", out);
			return;
		}
		fprintf(out, "not reached: silent behind TTL %u", last);
		break;
	case TRACE_LOOP:
		fputs("not reached: a loop", out);
		break;
	case TRACE_MAX_TTL:
		fprintf(out, "not reached within %u hops", trace->hop_count);
		break;
	case TRACE_NOT_PERMITTED:
		fputs("not traced: it may not be probed", out);
		break;
	case TRACE_INTERRUPTED:
		fputs("interrupted", out);
		break;
	}
	if (last > 0)
		fprintf(out, ", last TTL %u", last);
	if (trace->hop_count == 0 && trace->sent == 0)
		fputc('\n', out);
	else
		print_sent(trace, "", out);
}

void trace_text_hops(struct trace_text *text, const struct record_trace *trace, uint8_t count)
{
	if (!text->begun)
		print_begin(text, trace);
	while (text->printed < count)
		print_hop(text, trace, ++text->printed);
	fflush(text->out);
}

/* The TTLs behind the last hop that answered: each run of those that were asked in one line. */
static void print_silent(const struct record_trace *trace, uint8_t last, FILE *out)
{
	for (unsigned ttl = last + 1U, first; ttl <= trace->hop_count; ttl++) {
		first = ttl;
		while (ttl <= trace->hop_count && !trace->hops[ttl - 1].unasked)
			ttl++;
		if (ttl == first + 1)
			fprintf(out, "%3u  *\n", first);
		else if (ttl > first)
			fprintf(out, "%3u  * to %u\n", first, ttl - 1);
	}
}

void trace_text_end(struct trace_text *text, const struct record_trace *trace)
{
	uint8_t last = last_known(trace);

	trace_text_hops(text, trace, last);
	print_silent(trace, last, text->out);
	print_stop(text, trace);
	text->begun = false;
	text->printed = 0;
}
