/* SPDX-License-Identifier: Apache-2.0 */
#include "report/state/state_path.h"

#include "report/state/state_out.h"

static void put_hop(struct json_out *out, const struct state_hop *hop)
{
	char text[BW_ADDR_TEXT];

	json_out_array(out);
	json_out_uint(out, hop->ttl);
	json_out_string(out, bw_addr_format(&hop->from, text));
	json_out_uint(out, hop->flows);
	json_out_uint(out, hop->rate);
	json_out_uint(out, hop->age_min);
	json_out_array_end(out);
}

void state_path_put(struct json_out *out, const struct state_path *path)
{
	char addr[BW_ADDR_TEXT], method[BW_METHOD_TEXT];

	state_out_text(out, "target", path->target);
	state_out_text(out, "destination", bw_addr_format(&path->destination, addr));
	state_out_text(out, "method", bw_method_format(path->method, method));
	state_out_integer(out, "flow", path->flow);
	state_out_integer(out, "traces", path->traces);
	state_out_integer(out, "end", path->end);
	state_out_integer(out, "traced_ns", path->traced.ns);
	if (path->hop_count == 0)
		return;
	json_out_key(out, "hops");
	json_out_array(out);
	for (uint32_t n = 0; n < path->hop_count; n++)
		put_hop(out, &path->hops[n]);
	json_out_array_end(out);
}

static struct bw_addr read_addr(struct scan *scan)
{
	char text[STATE_LINE_WORD_MAX];
	struct bw_addr addr = {0};

	scan_text(scan, text, sizeof(text));
	if (!scan->why && bw_addr_parse(text, &addr) < 0)
		scan_fail(scan, "has something that is no address");
	return addr;
}

static struct state_hop read_hop(struct scan *scan)
{
	struct state_hop hop = {0};

	scan_take(scan, '[');
	hop.ttl = (uint8_t)scan_integer(scan, UINT8_MAX);
	scan_take(scan, ',');
	hop.from = read_addr(scan);
	scan_take(scan, ',');
	hop.flows = (uint8_t)scan_integer(scan, UINT8_MAX);
	scan_take(scan, ',');
	hop.rate = (uint8_t)scan_integer(scan, UINT8_MAX);
	scan_take(scan, ',');
	hop.age_min = (uint16_t)scan_integer(scan, UINT16_MAX);
	scan_take(scan, ']');
	return hop;
}

static void read_hops(struct scan *scan, struct state_path *path)
{
	if (!scan_has(scan, "hops"))
		return;
	scan_take(scan, '[');
	do {
		struct state_hop hop = read_hop(scan);

		if (path->hop_count == STATE_HOPS_MAX)
			scan_fail(scan, "has more than 26 hops");
		else
			path->hops[path->hop_count++] = hop;
	} while (scan_is(scan, ','));
	scan_take(scan, ']');
}

static struct bw_method read_method(struct scan *scan)
{
	char text[STATE_LINE_WORD_MAX];
	struct bw_method method = {0};

	scan_want_text(scan, "method", text, sizeof(text));
	if (!scan->why && bw_method_parse(text, &method, NULL) < 0)
		scan_fail(scan, "is no method");
	return method;
}

void state_path_line(struct state_line *line, struct scan *scan, struct state_path *ret_path)
{
	struct state_path path = {.target = line->target};

	scan_want_text(scan, "target", line->target, sizeof(line->target));
	scan_want(scan, "destination");
	path.destination = read_addr(scan);
	path.method = read_method(scan);
	path.flow = (uint32_t)scan_want_integer(scan, "flow", UINT32_MAX);
	path.traces = (uint32_t)scan_want_integer(scan, "traces", UINT32_MAX);
	path.end = (uint32_t)scan_want_integer(scan, "end", UINT32_MAX);
	path.traced.ns = scan_want_integer(scan, "traced_ns", INT64_MAX);
	read_hops(scan, &path);
	scan_end(scan);
	*ret_path = path;
}
