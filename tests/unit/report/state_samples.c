/* SPDX-License-Identifier: Apache-2.0 */
#include "state_samples.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/state/state_read.h"
#include "report/state/state_sum.h"
#include "report/state/state_write.h"

#define NOON (INT64_C(1795262400) * BW_S) /* 2026-11-21T12:00:00Z */

static struct bw_prefix prefix_of(const char *text)
{
	struct bw_prefix prefix;

	if (bw_prefix_parse(text, &prefix, NULL) != 0)
		abort();
	return prefix;
}

static struct state_history sample_history(void)
{
	return (struct state_history){
		.first = {NOON - 30 * 86400 * BW_S},
		.outages = 2,
		.longest_ns = 1900 * BW_S + 7,
		.dark_ns = 2000 * BW_S,
		.last_end = {NOON - 86400 * BW_S},
	};
}

static struct state_outage sample_outage(void)
{
	return (struct state_outage){
		.open = true,
		.earliest = {NOON - 70 * BW_S},
		.latest = {NOON - 60 * BW_S},
	};
}

static struct state_returns sample_returns(void)
{
	return (struct state_returns){
		.earliest = {NOON - 9000 * BW_S},
		.latest = {NOON - 8990 * BW_S},
		.ended = {NOON - 100 * BW_S},
		.count = 1,
		.list = {{NOON - 100 * BW_S}, {NOON - 60 * BW_S}},
		.ended_within_s = 9,
		.within_s = {11},
	};
}

struct state_head sample_head(uint32_t blocks, uint32_t groups, uint32_t paths)
{
	return (struct state_head){
		"b\xc3\xa9rlin \"1\"", "0.1.0", 3, {NOON}, blocks, groups, true, paths};
}

struct state_block sample_dark_block(void)
{
	struct state_block block = {
		.target = "kp",
		.block = prefix_of("198.18.4.0/24"),
		.verdict = BW_DARK,
		.told = BW_DARK,
		.since = {NOON - 61 * BW_S + 123456789},
		.last_answer = {NOON - 70 * BW_S},
		.log_odds = -12.345678,
		.conditions = BW_LONE | BW_ICMP_FILTERED,
		.known = true,
		.down = true,
		.penalty = 0.75,
		.penalty_at = {NOON - 60 * BW_S},
		.unstable = {NOON - 65 * BW_S},
		.silent_since = {NOON - 69 * BW_S},
		.false_alarm = {NOON - 7200 * BW_S},
		.rests = true,
		.rest = 20,
		.evening = 11,
		.absences = {3, 7200 * BW_S, 480},
		.moves = 4,
		.usual = {30, 0.0125, 0.25, 80 * BW_MS, 330 * BW_MS, 0.1},
		.lateness = {24, 0.625, 21 * BW_S},
		.out_since = {{NOON - 900 * BW_S}, {NOON - 800 * BW_S}},
		.hot_availability = 0.9451,
		.cold_availability = 0,
		.again_availability = 0.75,
		.hot_count = 2,
		.hot_methods = 4,
		.phases = {2, 300 * BW_S, 200 * BW_S},
		.outage = sample_outage(),
		.dark_until = {NOON - 20 * BW_S},
		.dark_until_before = {NOON - 40 * BW_S},
		.returns = sample_returns(),
		.history = sample_history(),
	};

	block.hot[0] = bw_addr_add(&block.block.addr, 9);
	block.hot[1] = bw_addr_add(&block.block.addr, 1);
	return block;
}

struct state_block sample_new_block(const char *prefix)
{
	return (struct state_block){
		.target = "kp",
		.block = prefix_of(prefix),
		.verdict = BW_UNKNOWN,
		.told = BW_UP,
		.since = {NOON},
		.never_seen = true,
		.few_hosts = true,
		.hot_availability = -1,
		.cold_availability = -1,
		.again_availability = -1,
	};
}

struct state_group sample_network(void)
{
	return (struct state_group){
		.scope = BW_SCOPE_NETWORK,
		.target = "kp",
		.network = prefix_of("198.18.4.0/22"),
		.verdict = BW_DARK,
		.told = BW_UP,
		.since = {NOON - 60 * BW_S},
		.out_since = {{NOON - 600 * BW_S}, {NOON - 500 * BW_S}},
		.hearing = {86400 * BW_S, 30 * BW_S, 600 * BW_S, 2.25, 0xffffff000000, 0xfff},
		.outage = sample_outage(),
		.returns = sample_returns(),
		.history = sample_history(),
	};
}

struct state_group sample_whole_target(void)
{
	return (struct state_group){
		.scope = BW_SCOPE_TARGET,
		.target = "kp",
		.verdict = BW_UP,
		.told = BW_UNKNOWN,
		.since = {NOON - 60 * BW_S},
		.out_since = {{NOON - 900 * BW_S}, {NOON - 700 * BW_S}},
		.joint =
			{
				.nats = 1.5,
				.since = {NOON - 3600 * BW_S},
				.phases = {4, 500 * BW_S, 400 * BW_S},
				.expected = 12.5,
				.replied = 3,
				.counted = {NOON - 5 * BW_S},
				.lateness = {120, 0.875, 44 * BW_S},
			},
		.hearing = {.heard_ns = 172800 * BW_S, .longest_ns = 300 * BW_S},
		.history = {.first = {NOON - 60 * BW_S}},
	};
}

static struct bw_addr addr_of(const char *text)
{
	struct bw_addr addr;

	if (bw_addr_parse(text, &addr) != 0)
		abort();
	return addr;
}

struct state_path sample_path(void)
{
	return (struct state_path){
		.target = "kp",
		.destination = addr_of("198.18.4.9"),
		.method = {BW_PROTOCOL_TCP, 443},
		.flow = 2,
		.traces = 17,
		.end = 9,
		.traced = {NOON - 600 * BW_S},
		.hop_count = 3,
		.hops =
			{
				{addr_of("10.99.1.2"), 1, 3, 255, 0},
				{addr_of("10.99.4.2"), 4, 1, 200, 0},
				{addr_of("10.99.44.2"), 4, 2, 90, 1440},
			},
	};
}

char *sample_state(void)
{
	const struct state_head head = sample_head(2, 2, 1);
	const struct state_path path = sample_path();
	const struct state_block dark = sample_dark_block();
	const struct state_block fresh = sample_new_block("2001:db8:7::/48");
	const struct state_group network = sample_network(), target = sample_whole_target();
	struct state_writer writer;
	char *text;
	size_t length;
	FILE *file = open_memstream(&text, &length);
	int result;

	if (!file)
		abort();
	state_writer_begin(&writer, file, &head, NULL);
	state_writer_put_group(&writer, &target);
	state_writer_put_group(&writer, &network);
	state_writer_put_block(&writer, &dark);
	state_writer_put_block(&writer, &fresh);
	state_writer_put_path(&writer, &path);
	result = state_writer_end(&writer);
	assert(result == 0);
	(void)result;
	fclose(file);
	return text;
}

static unsigned number_in(const char *lines, const char *key)
{
	const char *at = strstr(lines, key);

	return at ? (unsigned)strtoul(at + strlen(key), NULL, 10) : 0;
}

char *sample_seal(const char *lines)
{
	uint64_t sum = 0;
	char *text, *paths = NULL;

	for (const char *at = lines, *next; *at; at = next) {
		next = strchr(at, '\n');
		assert(next);
		next++;
		sum = state_sum(sum, at, (size_t)(next - at));
	}
	if (strstr(lines, "\"paths\":") &&
	    asprintf(&paths, "\"paths\":%u,", number_in(lines, "\"paths\":")) < 0)
		abort();
	if (asprintf(&text,
		     "%s{\"type\":\"end\",\"blocks\":%u,\"groups\":%u,%s"
		     "\"checksum\":\"%016" PRIx64 "\"}\n",
		     lines, number_in(lines, "\"blocks\":"), number_in(lines, "\"groups\":"),
		     paths ? paths : "", sum) < 0)
		abort();
	free(paths);
	return text;
}

char *sample_edit(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from), *end = strstr(text, "{\"type\":\"end\"");
	char *edited;

	assert(at && end && at < end);
	if (asprintf(&edited, "%.*s%s%.*s", (int)(at - text), text, to,
		     (int)(end - at - (ptrdiff_t)strlen(from)), at + strlen(from)) < 0)
		abort();
	return edited;
}
