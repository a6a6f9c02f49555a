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

static const char line[] =
	"{\"schema\":\"blockwatch/target/1\",\"name\":\"xx\",\"title\":\"T \xc3\xa4 \\\"\","
	"\"country\":\"XX\",\"timezone\":\"Pacific/Funafuti\",\"source\":\"s\","
	"\"updated\":\"2026-11-21\",\"inputs\":[{\"name\":\"apnic\",\"use\":\"delegated\","
	"\"date\":\"2026-11-20\",\"date_from\":\"header\",\"sha256\":\""
	"ba7816bf8f01cfea414140de5dae2223"
	"b00361a396177a9cb410ff61f20015ad\"},{\"name\":\"routes\"}],"
	"\"left_out\":{\"ipv4\":{\"networks\":2,\"addresses\":320,\"blocks\":3},"
	"\"ipv6\":{\"networks\":1,\"blocks\":65536}},\"second\":{\"both\":[\"198.18.4.0/24\"],"
	"\"only_first\":[],\"only_second\":[\"198.19.0.0/16\"]},"
	"\"methods\":[\"icmp\",\"tcp:443\"],\"references\":[\"203.0.113.1\",\"other\"],"
	"\"networks\":[{\"prefix\":\"198.18.4.0/24\",\"name\":\"n\",\"asn\":64496,"
	"\"upstreams\":[1,4294967295],\"block_length\":25,\"hosts\":[\"198.18.4.1\","
	"{\"address\":\"198.18.4.2\",\"availability\":0.98,\"methods\":[\"tcp:53\"]},"
	"{\"address\":\"198.18.4.3\",\"seen\":\"2026-11-21\"}]},"
	"{\"prefix\":\"2001:db8::/40\"}]}";

static struct bw_target *parse(const char *text)
{
	struct bw_target *target = NULL;

	assert_int_equal(target_parse_any(text, strlen(text), "f.json", &target, NULL), 0);
	return target;
}

static void what_was_read_is_written(void **state)
{
	struct bw_target *target = parse(line), *again;
	char *text = target_write(target, false), *indented = target_write(target, true);

	(void)state;
	assert_string_equal(text, line);
	again = parse(indented);
	assert_non_null(strchr(indented, '\n'));
	free(text);
	text = target_write(again, false);
	assert_string_equal(text, line);
	free(text);
	free(indented);
	bw_target_free(target);
	bw_target_free(again);
}

static void a_name_that_is_none_is_left_out(void **state)
{
	struct bw_target *target = parse("198.18.4.0/24\n");
	char *text;

	(void)state;
	free(target->name);
	target->name = strdup("198.18.4.0/24");
	text = target_write(target, false);
	assert_string_equal(text, "{\"schema\":\"blockwatch/target/1\",\"methods\":[\"icmp\"],"
				  "\"networks\":[{\"prefix\":\"198.18.4.0/24\"}]}");
	free(text);
	bw_target_free(target);
}

static void summaries(void **state)
{
	struct bw_target *target = parse(line);
	struct bw_err err;
	char *text = target_write_summary("a/b.json", target, NULL);

	(void)state;
	assert_string_equal(text, "{\"file\":\"a/b.json\",\"valid\":true,\"name\":\"xx\","
				  "\"title\":\"T \xc3\xa4 \\\"\",\"country\":\"XX\","
				  "\"networks\":2,\"blocks\":258,\"hosts\":3}");
	free(text);
	bw_target_free(target);

	bw_err_set(&err, BW_ERR_VALUE, "bad \xff thing");
	bw_err_place(&err, "x", 3, 4, "networks[0]");
	text = target_write_summary("\xff.json", NULL, &err);
	assert_string_equal(text, "{\"file\":\"?.json\",\"valid\":false,\"line\":3,\"column\":4,"
				  "\"field\":\"networks[0]\",\"message\":\"bad ? thing\"}");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_read_is_written),
		cmocka_unit_test(a_name_that_is_none_is_left_out),
		cmocka_unit_test(summaries),
	};

	return cmocka_run_group_tests_name("target/write", tests, NULL, NULL);
}
