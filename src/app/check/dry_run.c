/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check/dry_run.h"

#include <inttypes.h>

#include "app/common/log.h"
#include "base/clean.h"
#include "infer/evidence/evidence.h"
#include "json/json_out.h"
#include "sys/machine/clock.h"

#define LINE_MAX_BYTES 2048

struct line {
	struct bw_addr addr;
	struct bw_method method;
	const char *block;  /* text of the prefix, or what else it is */
	const char *target; /* or "" */
	bool no_route;
};

static void print_json(const struct line *line, const char *addr, const char *method, FILE *out)
{
	char buffer[LINE_MAX_BYTES];
	struct json_out json;

	json_out_init(&json, buffer, sizeof(buffer));
	json_out_object(&json);
	json_out_key(&json, "host");
	json_out_string(&json, addr);
	json_out_key(&json, "method");
	json_out_string(&json, method);
	json_out_key(&json, "block");
	json_out_string(&json, line->block);
	json_out_key(&json, "target");
	json_out_string(&json, line->target);
	json_out_key(&json, "route");
	json_out_bool(&json, !line->no_route);
	json_out_object_end(&json);
	if (json_out_end(&json) > 0)
		fprintf(out, "%s\n", buffer);
}

static void print_text(const struct line *line, const char *addr, const char *method, FILE *out)
{
	fprintf(out, "%-15s  %-8s  %-18s  ", addr, method, line->block);
	clean_print(line->target, out);
	fputs(line->no_route ? "  (no route)\n" : "\n", out);
}

static void print_line(const struct line *line, bool json, FILE *out)
{
	char addr[BW_ADDR_TEXT], method[BW_METHOD_TEXT];

	bw_addr_format(&line->addr, addr);
	bw_method_format(line->method, method);
	if (json)
		print_json(line, addr, method, out);
	else
		print_text(line, addr, method, out);
}

static void print_host(const struct session *session, uint32_t number, uint16_t host,
		       struct line *line, bool json, FILE *out)
{
	const struct roster *roster = &session->roster;
	struct bw_method first = roster_method(roster, number, host, 0);

	line->method = first;
	for (unsigned m = 1; m == 1 || !bw_method_equal(line->method, first); m++) {
		print_line(line, json, out);
		line->method = roster_method(roster, number, host, m);
	}
}

/* Prints the hosts of a block, each with its methods in their order. Returns the count. */
static unsigned print_block(const struct session *session, const struct ledger *ledger,
			    uint32_t number, bool json, FILE *out)
{
	const struct hotlist *hot = &ledger->blocks[number].hot;
	const struct roster *roster = &session->roster;
	const struct roster_block *block = &roster->blocks[number];
	const struct roster_network *network = &roster->networks[block->network];
	struct bw_prefix prefix = roster_prefix(roster, number);
	char text[BW_PREFIX_TEXT];
	struct line line = {
		.block = bw_prefix_format(&prefix, text),
		.target = roster->targets[network->target].target->name,
		.no_route = block->egress == ROSTER_NO_EGRESS,
	};
	unsigned hosts = 0;

	for (uint16_t i = 0; i < block->host_count && i < EVIDENCE_MAX; i++) {
		uint16_t host = hotlist_pick(hot, block->host_count, 0, i);

		line.addr = roster_host_addr(roster, number, host);
		if (permit_check(&session->permit, &line.addr) < 0)
			continue;
		print_host(session, number, host, &line, json, out);
		hosts++;
	}
	return hosts;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void print_references(const struct roster *roster, bool json, FILE *out)
{
	for (uint32_t i = 0; i < roster->sentinel_count; i++) {
		const struct roster_sentinel *sentinel = &roster->sentinels[i];
		struct line line = {
			.addr = sentinel->addr,
			.method = sentinel->method,
			.block = sentinel->source == HEALTH_GATEWAY ? "gateway" : "reference",
			.target = "",
		};

		print_line(&line, json, out);
	}
}

int dry_run_print(const struct session *session, const struct memory *memory, bool json, FILE *out,
		  struct bw_err *err)
{
	const struct roster *roster = &session->roster;
	const struct ledger_config config = {.roster = roster, .params = infer_params_default()};
	struct ledger *ledger;
	uint64_t hosts = 0;
	int code = ledger_new(&config, clock_now(), &ledger, err);

	if (code < 0)
		return code;
	memory_recall(memory, ledger);
	for (uint32_t i = 0; i < roster->block_count; i++)
		hosts += print_block(session, ledger, i, json, out);
	ledger_free(ledger);
	print_references(roster, json, out);
	log_warn("dry run: %" PRIu64 " host%s in %" PRIu32 " block%s and %" PRIu32
		 " reference%s would be probed; nothing was sent",
		 hosts, plural(hosts), roster->block_count, plural(roster->block_count),
		 roster->sentinel_count, plural(roster->sentinel_count));
	return 0;
}
