/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "target/file/parse.h"
#include "target/file/write.h"
#include "target/merge.h"

static const char before[] =
	"{\"schema\":\"blockwatch/target/1\",\"name\":\"xx\",\"source\":\"by hand\","
	"\"methods\":[\"icmp\"],\"networks\":[{\"prefix\":\"198.18.0.0/23\",\"name\":\"N\","
	"\"source\":\"s\",\"hosts\":[{\"address\":\"198.18.0.5\",\"availability\":0.9,"
	"\"methods\":[\"tcp:53\"],\"name\":\"ns1\",\"source\":\"zone\"},\"198.18.0.9\"]},"
	"{\"prefix\":\"198.18.4.128/25\"}]}";

/* 198.18.0.5 is probed by tcp:53, and whether it answers that was not asked. */
static const char after[] =
	"{\"schema\":\"blockwatch/target/1\",\"name\":\"xx\",\"source\":\"by hand\","
	"\"methods\":[\"icmp\"],\"networks\":[{\"prefix\":\"198.18.0.0/23\",\"name\":\"N\","
	"\"hosts\":[{\"address\":\"198.18.0.5\",\"availability\":0.9,"
	"\"methods\":[\"tcp:53\"],\"name\":\"ns1\",\"source\":\"zone\"},"
	"{\"address\":\"198.18.0.9\",\"availability\":0.5,\"seen\":\"2026-11-21\"},"
	"{\"address\":\"198.18.1.1\",\"availability\":0.5,"
	"\"seen\":\"2026-11-21\"}],\"source\":\"s\"},"
	"{\"prefix\":\"198.18.4.7/32\",\"hosts\":[{\"address\":\"198.18.4.7\","
	"\"availability\":0.5,\"seen\":\"2026-11-21\"}]},{\"prefix\":\"198.18.4.128/25\"},"
	"{\"prefix\":\"198.19.0.0/24\",\"hosts\":[{\"address\":\"198.19.0.1\","
	"\"availability\":0.5,\"seen\":\"2026-11-21\"},{\"address\":\"198.19.0.2\","
	"\"availability\":0.5,\"seen\":\"2026-11-21\"}]}]}";

static void test_nothing_is_lost(void **state)
{
	static const char *const seen[] = {"198.18.0.5", "198.18.0.9", "198.18.1.1",
					   "198.18.4.7", "198.19.0.1", "198.19.0.2"};
	static const struct bw_methods asked = {1, {{.protocol = BW_PROTOCOL_ICMP}}};
	struct bw_host hosts[6] = {0};
	struct bw_target *target = NULL, *wanted = NULL;
	char *text, *wanted_text;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		hosts[i].availability = 0.5F;
		hosts[i].seen_day = 20778;
		assert_int_equal(bw_addr_parse(seen[i], &hosts[i].addr), 0);
	}
	assert_int_equal(target_parse(before, strlen(before), "f.json", &target, NULL), 0);
	assert_int_equal(target_parse(after, strlen(after), "f.json", &wanted, NULL), 0);
	assert_int_equal(merge_hosts(target, hosts, 6, &asked), 0);
	text = target_write(target, false);
	wanted_text = target_write(wanted, false);
	assert_string_equal(text, wanted_text);
	free(text);
	free(wanted_text);
	bw_target_free(target);
	bw_target_free(wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_lost),
	};

	return cmocka_run_group_tests_name("target/merge", tests, NULL, NULL);
}
