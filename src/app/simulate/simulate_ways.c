/* SPDX-License-Identifier: Apache-2.0 */
#include "app/simulate/simulate_ways.h"

#include <string.h>

#include "app/simulate/simulate_text.h"
#include "base/clean.h"

/* NULL: too many. */
static struct simulate_way *find(struct simulate_ways *ways, const struct record_way *way)
{
	struct simulate_way *end = ways->list + RECORD_WAYS_MAX, *at = ways->list;

	for (; at < end && at->family != 0; at++)
		if (at->family == way->family && strcmp(at->interface, way->interface) == 0)
			return at;
	if (at == end)
		return NULL;
	at->family = way->family;
	snprintf(at->interface, sizeof(at->interface), "%s", way->interface);
	return at;
}

static void print_begin(const struct record *record, const struct record_way *way, FILE *out)
{
	simulate_text_time(record->head.time, out);
	fputs("  the vantage", out);
	if (record->vantage.way_count == 1)
		return;
	fputs(", by ", out);
	clean_print(*way->interface ? way->interface : "no interface", out);
	fprintf(out, " and IPv%d,", way->family);
}

static void print_reasons(unsigned reasons, FILE *out)
{
	const char *before = ": ";

	for (unsigned i = 0; i < BW_REASONS; i++) {
		if (!(reasons & 1U << i))
			continue;
		fprintf(out, "%s%s", before, bw_reason_name(i));
		before = ", ";
	}
}

static void take(struct simulate_way *known, const struct record *record,
		 const struct record_way *way, FILE *out)
{
	char text[BW_DURATION_TEXT];

	if (known->blind == !way->healthy)
		return;
	print_begin(record, way, out);
	if (known->blind) {
		fprintf(out, " can tell again after %s",
			bw_duration_format(record->head.time.ns - known->since.ns, text));
	} else {
		fputs(" cannot tell", out);
		print_reasons(way->reasons, out);
		known->since = record->head.time;
	}
	known->blind = !way->healthy;
	fputc('\n', out);
}

void simulate_ways_take(struct simulate_ways *ways, const struct record *record, FILE *out)
{
	for (uint32_t i = 0; i < record->vantage.way_count; i++) {
		struct simulate_way *known = find(ways, &record->vantage.ways[i]);

		if (known)
			take(known, record, &record->vantage.ways[i], out);
	}
}
