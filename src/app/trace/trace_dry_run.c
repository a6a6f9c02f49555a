/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trace/trace_dry_run.h"

#include <inttypes.h>

#include "app/common/log.h"
#include "base/clean.h"
#include "json/json_out.h"

#define LINE_MAX_BYTES 2048

struct line {
	char addr[BW_ADDR_TEXT], method[BW_METHOD_TEXT], block[BW_PREFIX_TEXT];
	const char *target;
	uint8_t flow;
	bool has_route;
};

static void put(struct json_out *json, const char *key, const char *value)
{
	json_out_key(json, key);
	json_out_string(json, value);
}

static void print_json(const struct line *line, FILE *out)
{
	char buffer[LINE_MAX_BYTES];
	struct json_out json;

	json_out_init(&json, buffer, sizeof(buffer));
	json_out_object(&json);
	put(&json, "host", line->addr);
	put(&json, "method", line->method);
	json_out_key(&json, "flow");
	json_out_uint(&json, line->flow);
	put(&json, "block", line->block);
	put(&json, "target", line->target);
	json_out_key(&json, "route");
	json_out_bool(&json, line->has_route);
	json_out_object_end(&json);
	if (json_out_end(&json) > 0)
		fprintf(out, "%s\n", buffer);
}

static void print_text(const struct line *line, FILE *out)
{
	fprintf(out, "%-15s  %-8s  flow %-2u  %-18s  ", line->addr, line->method, line->flow,
		line->block);
	clean_print(line->target, out);
	fputs(line->has_route ? "\n" : "  (no route)\n", out);
}

void trace_dry_run_print(const struct trace_destinations *destinations, bool json, FILE *out)
{
	uint32_t count = 0;

	for (uint32_t trace = 0; trace < destinations->trace_count; trace++) {
		struct bw_prefix block = trace_destinations_block(destinations, trace);
		struct trace_wish wish;
		struct line line;
		bool local;
		int refused = trace_destinations_wish(destinations, trace, &wish, &local);

		if (refused < 0 && refused != BW_ERR_NO_ROUTE)
			continue;
		count++;
		bw_addr_format(&wish.dst, line.addr);
		bw_method_format(wish.method, line.method);
		bw_prefix_format(&block, line.block);
		line.target = trace_destinations_target(destinations, trace);
		line.flow = wish.flow;
		line.has_route = refused == 0;
		if (json)
			print_json(&line, out);
		else
			print_text(&line, out);
	}
	log_warn("dry run: %" PRIu32 " %s would be made; nothing was sent", count,
		 count == 1 ? "trace" : "traces");
}
