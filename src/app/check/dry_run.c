/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check/dry_run.h"

#include <inttypes.h>
#include <stdio.h>

#include "infer/evidence.h"
#include "json/json_out.h"

#define LINE_MAX_BYTES 2048

struct line {
	struct bw_addr addr;
	struct bw_method method;
	const char *block;  /* text of the prefix, or what else it is */
	const char *target; /* or "" */
};

static void print_json(const struct line *line, const char *addr, const char *method)
{
	char buffer[LINE_MAX_BYTES];
	struct json_out out;

	json_out_init(&out, buffer, sizeof(buffer));
	json_out_object(&out);
	json_out_key(&out, "host");
	json_out_string(&out, addr);
	json_out_key(&out, "method");
	json_out_string(&out, method);
	json_out_key(&out, "block");
	json_out_string(&out, line->block);
	json_out_key(&out, "target");
	json_out_string(&out, line->target);
	json_out_object_end(&out);
	if (json_out_end(&out) > 0)
		puts(buffer);
}

static void print_line(const struct line *line, bool json)
{
	char addr[BW_ADDR_TEXT], method[BW_METHOD_TEXT];

	bw_addr_format(&line->addr, addr);
	bw_method_format(line->method, method);
	if (json)
		print_json(line, addr, method);
	else
		printf("%-15s  %-8s  %-18s  %s\n", addr, method, line->block, line->target);
}

/* The hosts of a block, each with its methods in the order of trying. */
static unsigned print_block(const struct roster *roster, uint32_t number, bool json)
{
	const struct roster_block *block = &roster->blocks[number];
	const struct roster_network *network = &roster->networks[block->network];
	struct bw_prefix prefix = roster_prefix(roster, number);
	char text[BW_PREFIX_TEXT];
	struct line line = {
		.block = bw_prefix_format(&prefix, text),
		.target = roster->targets[network->target].target->name,
	};
	unsigned hosts = 0;

	if (network->egress == ROSTER_NO_EGRESS)
		return 0;
	for (; hosts < block->host_count && hosts < EVIDENCE_MAX; hosts++) {
		uint16_t host = (uint16_t)hosts;
		struct bw_method first = roster_method(roster, number, host, 0);

		line.addr = roster_host_addr(roster, number, host);
		line.method = first;
		for (unsigned m = 1; m == 1 || !bw_method_equal(line.method, first); m++) {
			print_line(&line, json);
			line.method = roster_method(roster, number, host, m);
		}
	}
	return hosts;
}

void plan_print(const struct probing *probing, bool json)
{
	const struct roster *roster = &probing->roster;
	uint64_t hosts = 0;

	for (uint32_t i = 0; i < roster->block_count; i++)
		hosts += print_block(roster, i, json);
	for (uint32_t i = 0; i < roster->sentinel_count; i++) {
		const struct roster_sentinel *sentinel = &roster->sentinels[i];
		struct line line = {
			.addr = sentinel->addr,
			.method = sentinel->method,
			.block = sentinel->source == HEALTH_GATEWAY ? "gateway" : "reference",
			.target = "",
		};

		print_line(&line, json);
	}
	fprintf(stderr,
		"blockwatch: dry run: %" PRIu64 " hosts in %" PRIu32 " blocks and %" PRIu32
		" references would be probed; nothing was sent\n",
		hosts, roster->block_count, roster->sentinel_count);
}
