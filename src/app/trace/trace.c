/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trace/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "app/common/log.h"
#include "app/trace/trace_dry_run.h"
#include "app/trace/trace_egress.h"
#include "app/trace/trace_print.h"
#include "app/trace/trace_run.h"
#include "target/tables/address_origins.h"

#define EXIT_SOME 1
#define EXIT_NONE 2

struct values {
	struct conf_probing common;
	struct way {
		uint64_t max_ttl, gap, flows, privacy_ttl;
		bool full;
	} way;
	struct output {
		bool json, names;
		struct options_texts ranges, mmdbs;
	} output;
};

static const struct options_item way_items[] = {
	{"max-ttl", 0, OPTIONS_COUNT, offsetof(struct way, max_ttl), "N", 1, TRACE_TTL_MAX, "30",
	 "hops at most"},
	{"gap", 0, OPTIONS_COUNT, offsetof(struct way, gap), "N", 1, TRACE_TTL_MAX, "5",
	 "end a trace after this many silent hops in a row"},
	{"flows", 0, OPTIONS_COUNT, offsetof(struct way, flows), "N", 1, 16, "1",
	 "trace each destination in so many flows, and say which hops differ; load balancers may "
	 "send each flow another way"},
	{"full", 0, OPTIONS_FLAG, offsetof(struct way, full), NULL, 0, 0, NULL,
	 "probe each hop of each destination, also where earlier traces have found it"},
	{"privacy-ttl", 0, OPTIONS_COUNT, offsetof(struct way, privacy_ttl), "N", 0, TRACE_TTL_MAX,
	 "0", "hide hops 1 to N in what is printed, as the vantage's own network"},
};
static const struct options_item output_items[] = {
	{"json", 'j', OPTIONS_FLAG, offsetof(struct output, json), NULL, 0, 0, NULL,
	 "print records as JSON Lines, each when its trace ends"},
	{"names", 0, OPTIONS_FLAG, offsetof(struct output, names), NULL, 0, 0, NULL,
	 "show the names of hops in the text, as far as they are found in time (reverse DNS)"},
	{"ranges", 0, OPTIONS_TEXTS, offsetof(struct output, ranges), "FILE", 0, 0, NULL,
	 "show the country or AS of hops from a table: lines of START,END,CC or START,END,AS"},
	{"mmdb", 0, OPTIONS_TEXTS, offsetof(struct output, mmdbs), "FILE", 0, 0, NULL,
	 "the same from an mmdb, such as GeoLite2-Country or GeoLite2-ASN"},
};
static const struct options_group groups[] = {
	{"Way", way_items, sizeof(way_items) / sizeof(way_items[0]), offsetof(struct values, way)},
	{"Output", output_items, sizeof(output_items) / sizeof(output_items[0]),
	 offsetof(struct values, output)},
	CONF_TRACING_GROUP(offsetof(struct values, common)),
	{NULL, NULL, 0, 0},
};
static const struct options_example examples[] = {
	{"blockwatch trace 192.0.2.9", "the way to one host"},
	{"blockwatch trace --method tcp:443 kp", "to one host of each block of a target, by TCP"},
	{"blockwatch trace --flows 4 192.0.2.9", "is there a load balancer on the way?"},
	{"blockwatch trace --json kp | jq .stopped", "for machines"},
	{NULL, NULL},
};
static const struct options_exit exits[] = {
	{0, "every destination was reached"},
	{1, "some destinations were reached"},
	{2, "none was reached"},
	CONF_COMMON_EXITS,
};

static const struct options_command options = {
	.name = "trace",
	.operands = "DEST...",
	.description =
		"Shows the routers on the way to hosts, and where the way ends. All probes of a "
		"trace are of one flow, so that load balancers send them the same way.\n"
		"A DEST is an address, a prefix, a plain list, or a target. Addresses are traced "
		"themselves, also those of a list; of each other block one host is. An IPv6 "
		"network without listed hosts is left out.\n"
		"All destinations are traced at once, within the rate. A hop that was found on the "
		"way to one of them is not probed again for the others.",
	.groups = groups,
	.operands_min = 1,
	.operands_max = -1,
	.examples = examples,
	.exits = exits,
};

static int open_session(struct session *session, const struct values *values,
			const struct options_result *result, struct bw_err *err)
{
	size_t count = (size_t)result->count;
	struct session_target *targets = calloc(count, sizeof(*targets));
	int code;

	if (!targets)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		targets[i] = (struct session_target){result->operands[i], &values->common.methods};
	code = session_open(session, &values->common, targets, count, false, err);
	free(targets);
	return code;
}

static int read_origins(const struct output *output, struct address_origins *origins,
			struct bw_err *err)
{
	const struct options_texts *ranges = &output->ranges, *mmdbs = &output->mmdbs;
	int code = 0;

	for (size_t i = 0; i < ranges->count && code == 0; i++)
		code = address_origins_read(origins, ranges->list[i], err);
	for (size_t i = 0; i < mmdbs->count && code == 0; i++)
		code = address_origins_read_mmdb(origins, mmdbs->list[i], MMDB_WANT_EITHER, err);
	if (code == 0 && address_origins_seal(origins) < 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	return code;
}

static int status_of(const struct trace_print *print)
{
	if (print->reached_count == 0)
		return EXIT_NONE;
	return print->reached_count < print->record.destinations->count ? EXIT_SOME : 0;
}

static int run_traces(const struct values *values, const struct session *session,
		      const struct trace_record *record, int *ret_status, struct bw_err *err)
{
	struct trace_print print;
	struct trace_run_config config = {
		.session = session,
		.options = &values->common,
		.destinations = record->destinations,
		.limits =
			{
				.max_ttl = (uint8_t)values->way.max_ttl,
				.gap = (uint8_t)values->way.gap,
				.tries = TRACE_TRIES,
				.eager = record->destinations->trace_count == 1 || values->way.full,
				.full = values->way.full,
				.timeout_ns = values->common.timeout_ns,
			},
		.on_trace = trace_print_trace,
		.self = &print,
	};
	struct names *names = NULL;
	int code = values->output.names && !values->output.json ? names_new(&names, err) : 0;

	if (code < 0)
		return code;
	code = trace_print_init(&print, record, values->output.json, names, err);
	if (print.live || names)
		config.on_hop = trace_print_hop;
	if (code == 0)
		code = trace_run(&config, err);
	if (code == 0)
		code = trace_print_end(&print, err);
	*ret_status = status_of(&print);
	trace_print_fini(&print);
	names_free(names);
	return code;
}

static void warn_left_out(const struct trace_destinations *destinations)
{
	uint32_t count = destinations->left_out;

	if (count > 0)
		log_warn("%" PRIu32 " IPv6 network%s without listed hosts %s left out", count,
			 count == 1 ? "" : "s", count == 1 ? "is" : "are");
}

static int trace(void *parsed, const struct options_result *result, int *ret_status,
		 struct bw_err *err)
{
	const struct values *values = parsed;
	struct session session = {0};
	struct trace_destinations destinations = {0};
	struct address_origins origins = address_origins_of();
	int code = read_origins(&values->output, &origins, err);

	if (code == 0)
		code = open_session(&session, values, result, err);
	if (code == 0)
		code = trace_destinations_init(&destinations, &session, &values->common.methods,
					       (uint8_t)values->way.flows, err);
	if (code == 0)
		warn_left_out(&destinations);
	if (code == 0)
		code = trace_egress_find(&destinations, &values->common, err);
	if (code == 0 && values->common.dry_run)
		trace_dry_run_print(&destinations, values->output.json, stdout);
	else if (code == 0)
		code = run_traces(values, &session,
				  &(struct trace_record){
					  .destinations = &destinations,
					  .plan = {.privacy_ttl = (uint8_t)values->way.privacy_ttl,
						   .label = address_origins_label,
						   .label_self = &origins},
				  },
				  ret_status, err);
	trace_destinations_fini(&destinations);
	session_close(&session);
	address_origins_fini(&origins);
	return code;
}

static int run(int argc, char **argv)
{
	struct values values = {0};

	return command_run(&options, argc, argv, &values, trace);
}

const struct command trace_command = {"trace", "show the way to hosts, and where it ends", run};
