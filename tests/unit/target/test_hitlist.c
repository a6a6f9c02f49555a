/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/build/hitlist.h"
#include "target/list/list.h"

static int parse(const char *text, struct hits *hits, struct bw_err *err)
{
	struct hitlist hitlist = hitlist_of(hits);
	int result = text_lines_read("hits", text, strlen(text), hitlist_line, &hitlist, err);

	if (result == 0)
		result = hitlist_end(&hitlist, err);
	if (result == 0)
		hitlist_set_day(&hitlist, 20000);
	return result;
}

static struct bw_target *make_target(void)
{
	static const char list[] = "198.18.0.0/23\n2001:db8::/32\n";
	struct bw_target *target = NULL;

	assert_int_equal(list_parse(list, strlen(list), "t", &target, NULL), 0);
	return target;
}

/* "ADDRESS AVAILABILITY DAY METHOD; ..." */
static void assert_hosts(const char *text, const char *wanted)
{
	struct bw_target *target = make_target();
	struct hits hits = hits_of(target);
	char got[512] = "", one[BW_ADDR_TEXT], method[BW_METHOD_TEXT];
	struct bw_err err = {0};
	size_t used = 0;

	if (parse(text, &hits, &err) < 0)
		fail_msg("line %d: %s", err.line, err.message);
	assert_int_equal(hits_assign(&hits, target), 0);
	for (size_t n = 0; n < target->network_count; n++)
		for (size_t h = 0; h < target->networks[n].host_count; h++) {
			const struct bw_host *host = &target->networks[n].hosts[h];

			used += (size_t)snprintf(got + used, sizeof(got) - used, "%s %.2f %u%s%s;",
						 bw_addr_format(&host->addr, one),
						 (double)host->availability, host->seen_day,
						 host->methods.count ? " " : "",
						 host->methods.count
							 ? bw_method_format(host->methods.list[0],
									    method)
							 : "");
		}
	assert_string_equal(got, wanted);
	hits_fini(&hits);
	bw_target_free(target);
}

static void test_plain(void **state)
{
	(void)state;
	assert_hosts("# hosts\n198.18.0.9 # one\n198.18.0.1\n10.0.0.1\n2001:db8::5\n198.18.0.9\n",
		     "198.18.0.1 0.70 0;198.18.0.9 0.70 0;2001:db8::5 0.70 0;");
}

static void test_isi(void **state)
{
	(void)state;
	assert_hosts("#fsdb -F t hex_ip history score\nc6120001\t1ffff\t99\nC6120002\t1\t36\n"
		     "c6120003\t2\t0\nc6120004\t2\t-1\n0a000001\tff\t99\n",
		     "198.18.0.1 1.00 0;198.18.0.2 0.36 0;");
}

static void test_fping(void **state)
{
	(void)state;
	assert_hosts("198.18.0.1 is alive\n198.18.0.2 is unreachable\n"
		     "198.18.0.3 is alive (12.3 ms)\n",
		     "198.18.0.1 0.70 20000;198.18.0.3 0.70 20000;");
	assert_hosts("198.18.0.1 : [0], 64 bytes, 0.05 ms (0.05 avg, 0% loss)\n\n"
		     "198.18.0.1 : xmt/rcv/%loss = 4/3/25%, min/avg/max = 0.05/0.05/0.05\n"
		     "198.18.0.2 : xmt/rcv/%loss = 4/0/100%\n",
		     "198.18.0.1 0.75 20000;");
	assert_hosts("ICMP Host Unreachable from 192.0.2.1 for ICMP Echo sent to 198.18.0.2\n"
		     "198.18.0.1 : duplicate for [0], 64 bytes, 0.05 ms\n"
		     "198.18.0.1 : [1], timed out (0.05 avg, 50% loss)\n"
		     "198.18.0.1 : xmt/rcv/%loss = 2/1/50%, min/avg/max = 0.05/0.05/0.05\n",
		     "198.18.0.1 0.50 20000;");
	assert_hosts("198.18.0.1 : 0.05 - 0.06 0.07\n198.18.0.2 : - - - -\n",
		     "198.18.0.1 0.75 20000;");
}

static void test_zmap(void **state)
{
	(void)state;
	assert_hosts("saddr,classification,success,timestamp_str\n"
		     "198.18.0.1,echoreply,1,2026-06-17T01:02:03.000+0000\n"
		     "198.18.0.2,unreach,0,2026-06-17T01:02:03.000+0000\n",
		     "198.18.0.1 0.70 20621;");
	assert_hosts("{\"saddr\":\"198.18.0.1\",\"sport\":443,\"classification\":\"synack\","
		     "\"success\":1,\"timestamp_ts\":1781654400}\n"
		     "{\"saddr\":\"198.18.0.2\",\"classification\":\"rst\",\"success\":0}\n",
		     "198.18.0.1 0.70 20621 tcp:443;");
}

static void test_masscan(void **state)
{
	(void)state;
	assert_hosts("[\n{   \"ip\": \"198.18.0.1\",   \"timestamp\": \"1781654400\", \"ports\": "
		     "[ {\"port\": 80, \"proto\": \"tcp\", \"status\": \"open\", \"reason\": "
		     "\"syn-ack\", \"ttl\": 54} ] }\n,\n{\"ip\": \"198.18.0.2\", \"timestamp\": "
		     "\"1781654400\", \"ports\": [ {\"port\": 0, \"proto\": \"icmp\", \"status\": "
		     "\"open\"} ] },\n]\n",
		     "198.18.0.1 0.70 20621 tcp:80;198.18.0.2 0.70 20621;");
	assert_hosts(
		"{\"ip\":\"198.18.0.1\",\"timestamp\":\"1781654400\",\"port\":22,\"proto\":"
		"\"tcp\",\"rec_type\":\"status\",\"data\":{\"status\":\"open\",\"ttl\":3}}\n"
		"{\"ip\":\"198.18.0.2\",\"port\":22,\"proto\":\"tcp\",\"rec_type\":\"banner\"}\n",
		"198.18.0.1 0.70 20621 tcp:22;");
}

static void test_scamper(void **state)
{
	(void)state;
	assert_hosts(
		"{\"type\":\"cycle-start\", \"list_name\":\"x\", \"id\":0}\n"
		"{\"type\":\"ping\", \"method\":\"icmp-echo\", \"src\":\"192.0.2.1\", "
		"\"dst\":\"198.18.0.1\", \"start\":{\"sec\":1781654400,\"usec\":1}, "
		"\"ping_sent\":4, \"responses\":[{\"from\":\"198.18.0.1\",\"seq\":0,"
		"\"rtt\":1.5}], \"statistics\":{\"replies\":2,\"loss\":2}}\n"
		"{\"type\":\"ping\", \"dst\":\"198.18.0.2\", \"ping_sent\":4, \"responses\":[],"
		"\"statistics\":{\"replies\":0,\"loss\":4}}\n"
		"{\"type\":\"trace\", \"dst\":\"198.18.0.3\", \"hops\":[]}\n",
		"198.18.0.1 0.50 20621;");
}

static void test_trinarkular(void **state)
{
	(void)state;
	assert_hosts("{\n  \"198.18.0.0/24\": {\n    \"version\": \"20260617\",\n"
		     "    \"host_cnt\": 3,\n    \"avg_resp_rate\": 0.5,\n    \"meta\": [\n"
		     "      \"geo.netacuity.OC.TV\"\n    ],\n    \"hosts\": [\n"
		     "      { \"host_ip\": \"198.18.0.1\", \"e_b\": 0.75 },\n"
		     "      { \"host_ip\": \"198.18.0.2\", \"e_b\": 0.0 },\n"
		     "      { \"host_ip\": \"10.0.0.1\", \"e_b\": 1.0 }\n    ]\n  }\n}\n",
		     "198.18.0.1 0.75 0;");
}

static const struct {
	const char *text, *words;
	int line;
} bad[] = {
	{"", "no host in it", 0},
	{"198.18.0.1\n198.18.0.0/24\n", "'198.18.0.0/24' is no address", 2},
	{"198.18.0.1 and more\n", "the form of the list is not known", 1},
	{"example.com\n", "'example.com' is no address", 1},
	{"#fsdb -F t hex_ip score\nc612000\t99\n", "'c612000' is no address", 2},
	{"#fsdb -F t hex_ip score\nc6120001\thigh\n", "no score", 2},
	{"saddr,success\nx,1\n", "'x' is no address", 2},
	{"198.18.0.1 is alive\nfoo\n", "no line of fping", 2},
	{"{\"saddr\":\"198.18.0.1\"}\n{\"saddr\":\"x\"}\n", "'x' is no address", 2},
	{"{\"saddr\":\"198.18.0.1\"}}\n", "closes too much", 1},
	{"{\"saddr\":\"198.18.0.1\"\n", "cut short", 0},
	{"{\"saddr\":\"198.18\n", "does not end", 1},
	{"[]\n", "no host in it", 0},
};

static void test_bad_files(void **state)
{
	struct bw_target *target = make_target();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct hits hits = hits_of(target);
		struct bw_err err = {0};

		assert_true(parse(bad[i].text, &hits, &err) < 0);
		if (!strstr(err.message, bad[i].words))
			fail_msg("'%s' is not in '%s'", bad[i].words, err.message);
		assert_int_equal(err.line, bad[i].line);
		hits_fini(&hits);
	}
	bw_target_free(target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),       cmocka_unit_test(test_isi),
		cmocka_unit_test(test_fping),       cmocka_unit_test(test_zmap),
		cmocka_unit_test(test_masscan),     cmocka_unit_test(test_scamper),
		cmocka_unit_test(test_trinarkular), cmocka_unit_test(test_bad_files),
	};

	return cmocka_run_group_tests_name("target/hitlist", tests, NULL, NULL);
}
