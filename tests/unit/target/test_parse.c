/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "target/file/parse.h"

#define HEAD "{\"schema\": \"blockwatch/target/1\",\n"
#define NETS HEAD "\"networks\": [\n"
#define NET(rest) NETS "{\"prefix\": \"198.18.0.0/24\",\n" rest "}]}"

static const char full[] =
	HEAD "\"name\": \"xx\", \"title\": \"Some country\", \"country\": \"XX\",\n"
	     "\"source\": \"made up\", \"updated\": \"2026-11-21\",\n"
	     "\"methods\": [\"icmp\", \"tcp:53\"],\n"
	     "\"references\": [\"203.0.113.1\", \"references\", \"2001:db8::1\"],\n"
	     "\"networks\": [\n"
	     "  {\"prefix\": \"2001:db8::/40\", \"block_length\": 44},\n"
	     "  {\"prefix\": \"198.18.4.0/24\", \"name\": \"Star JV\", \"asn\": 4294967295,\n"
	     "   \"upstreams\": [64496, 64497], \"source\": \"made up\", \"hosts\": [\n"
	     "     \"198.18.4.16\",\n"
	     "     {\"address\": \"198.18.4.15\", \"availability\": 0.98, \"name\": \"ns1\",\n"
	     "      \"source\": \"made up\", \"methods\": [\"tcp:53\"],\n"
	     "      \"seen\": \"1970-01-03\"}]}]}";

static struct bw_target *parse(const char *text)
{
	struct bw_target *target = NULL;
	struct bw_err err = {0};

	if (target_parse(text, strlen(text), "dir/yy.json", &target, &err) < 0)
		fail_msg("%d:%d %s: %s", err.line, err.column, err.field, err.message);
	return target;
}

static void the_head_of_a_full_file(void **state)
{
	struct bw_target *target = parse(full);

	(void)state;
	assert_string_equal(target->name, "xx");
	assert_string_equal(target->title, "Some country");
	assert_string_equal(target->country, "XX");
	assert_string_equal(target->source, "made up");
	assert_string_equal(target->updated, "2026-11-21");
	assert_string_equal(target->file, "dir/yy.json");
	assert_int_equal(target->methods.count, 2);
	assert_int_equal(target->methods.list[0].protocol, BW_PROTOCOL_ICMP);
	assert_int_equal(target->methods.list[1].port, 53);
	assert_int_equal(target->reference_count, 2);
	assert_int_equal(target->references[0].bytes[0], 203);
	assert_int_equal(target->references[1].family, 6);
	assert_int_equal(target->reference_target_count, 1);
	assert_string_equal(target->reference_targets[0], "references");
	bw_target_free(target);
}

static void the_networks_of_a_full_file(void **state)
{
	struct bw_target *target = parse(full);
	const struct bw_network *v4 = &target->networks[0], *v6 = &target->networks[1];

	(void)state;
	assert_int_equal(target->network_count, 2);
	assert_int_equal(v4->prefix.addr.family, 4);
	assert_int_equal(v4->prefix.length, 24);
	assert_string_equal(v4->name, "Star JV");
	assert_int_equal(v4->asn, 4294967295u);
	assert_int_equal(v4->upstream_count, 2);
	assert_int_equal(v4->upstreams[1], 64497);
	assert_int_equal(v4->block_length, 0);
	assert_int_equal(bw_network_block_length(v4), 24);
	assert_true(v4->known);
	assert_int_equal(v4->host_count, 2);
	assert_int_equal(v4->hosts[0].addr.bytes[3], 15);
	assert_float_equal(v4->hosts[0].availability, 0.98f, 0);
	assert_int_equal(v4->hosts[0].methods.count, 1);
	assert_int_equal(v4->hosts[0].seen_day, 2);
	assert_int_equal(v4->hosts[1].seen_day, 0);
	assert_int_equal(v4->hosts[1].addr.bytes[3], 16);
	assert_float_equal(v4->hosts[1].availability, BW_AVAILABILITY_DEFAULT, 0);
	assert_int_equal(v4->hosts[1].methods.count, 0);
	assert_int_equal(bw_network_block_length(v6), 44);
	assert_false(v6->known);
	assert_int_equal(v6->host_count, 0);
	bw_target_free(target);
}

static void only_a_prefix_is_required(void **state)
{
	struct bw_target *target = parse(HEAD "\"networks\": [{\"prefix\": \"198.18.4.0/28\"}]}");

	(void)state;
	assert_string_equal(target->name, "yy");
	assert_null(target->title);
	assert_int_equal(target->methods.count, 1);
	assert_int_equal(target->methods.list[0].protocol, BW_PROTOCOL_ICMP);
	assert_int_equal(bw_network_block_length(&target->networks[0]), 28);
	bw_target_free(target);
}

static void forms_that_are_fine(void **state)
{
	struct bw_target *target;

	(void)state;
	target = parse("\xef\xbb\xbf" NET("\"hosts\": [{\"address\": \"198.18.0.1\","
					  "\"availability\": 1}]"));
	assert_float_equal(target->networks[0].hosts[0].availability, 1.0, 0);
	bw_target_free(target);
	target = parse(HEAD "\"references\": \"2001:db8::1\", \"networks\": "
			    "[{\"prefix\": \"10.0.0.0/8\"}], \"updated\": "
			    "\"2026-11-21T10:00:00Z\"}");
	assert_int_equal(target->reference_count, 1);
	bw_target_free(target);
	target = parse(NET("\"block_length\": 32"));
	assert_int_equal(bw_network_block_length(&target->networks[0]), 32);
	bw_target_free(target);
}

/* The place is that of the offending value, or of its name where that is at fault. */
static const struct {
	const char *text;
	int code, line, column;
	const char *field, *message; /* a part of it */
} bad[] = {
	{"", BW_ERR_SYNTAX, 1, -1, "", "not valid JSON"},
	{"{\n\"schema\": 1,,\n}", BW_ERR_SYNTAX, 2, -1, "", "not valid JSON"},
	{"{} x", BW_ERR_SYNTAX, 1, -1, "", "not valid JSON"},
	{HEAD "\"name\": \"a\",\n\"name\": \"b\"}", BW_ERR_OVERLAP, 3, -1, "", "duplicate"},
	{"[]", BW_ERR_VALUE, 1, 1, "", "must be an object, not a list"},
	{"{}", BW_ERR_VALUE, 1, 1, "schema", "as in \"schema\": \"blockwatch/target/1\""},
	{"{\"schema\": \"blockwatch/target/2\"}", BW_ERR_VALUE, 1, 12, "schema", "must be"},
	{HEAD "\"nmae\": \"x\"}", BW_ERR_VALUE, 2, 1, "nmae", "did you mean 'name'?"},
	{HEAD "  \"colour\": 1}", BW_ERR_VALUE, 2, 3, "colour", "a target has schema, name"},
	{HEAD "\"name\": \"Nord Korea\"}", BW_ERR_VALUE, 2, 9, "name", "is no name"},
	{HEAD "\"name\": \"..\"}", BW_ERR_VALUE, 2, 9, "name", "is no name"},
	{HEAD "\"name\": \"\"}", BW_ERR_VALUE, 2, 9, "name", "must not be empty"},
	{HEAD "\"name\": 5}", BW_ERR_VALUE, 2, 9, "name", "must be a string, not a number"},
	{HEAD "\"title\": \"a\\u001b[31m\"}", BW_ERR_VALUE, 2, 10, "title", "control"},
	{HEAD "\"country\": \"prk\"}", BW_ERR_VALUE, 2, 12, "country", "two capital letters"},
	{HEAD "\"updated\": \"2026-02-30\"}", BW_ERR_VALUE, 2, 12, "updated", "is no date"},
	{HEAD "\"updated\": \"21.11.2026\"}", BW_ERR_VALUE, 2, 12, "updated", "is no date"},
	{HEAD "\"methods\": []}", BW_ERR_VALUE, 2, 12, "methods", "must not be empty"},
	{HEAD "\"methods\": \"icmp\"}", BW_ERR_VALUE, 2, 12, "methods", "a list, not a string"},
	{HEAD "\"methods\": [\"icmp\",\n\"gre:53\"]}", BW_ERR_VALUE, 3, 1, "methods[1]", "gre:53"},
	{HEAD "\"methods\": [\"tcp:0\"]}", BW_ERR_VALUE, 2, 13, "methods[0]", "tcp:0"},
	{HEAD "\"methods\": [\"tcp:65536\"]}", BW_ERR_VALUE, 2, 13, "methods[0]", "tcp:65536"},
	{HEAD "\"methods\": [\"icmp\", \"icmp\"]}", BW_ERR_OVERLAP, 2, 21, "methods[1]", "icmp"},
	{HEAD "\"methods\": [7]}", BW_ERR_VALUE, 2, 13, "methods[0]", "must be a method"},
	{HEAD "\"methods\": [\"tcp:1\", \"tcp:2\", \"tcp:3\", \"tcp:4\", \"tcp:5\", \"tcp:6\", "
	      "\"tcp:7\",\n\"tcp:8\", \"tcp:9\"]}",
	 BW_ERR_LIMIT, 3, 10, "methods[8]", "8"},
	{HEAD "\"title\": \"t\"}", BW_ERR_VALUE, 1, 1, "networks", "missing"},
	{HEAD "\"networks\": []}", BW_ERR_VALUE, 2, 13, "networks", "must not be empty"},
	{HEAD "\"networks\": {}}", BW_ERR_VALUE, 2, 13, "networks", "must be a list"},
	{NETS "\"198.18.0.0/24\"]}", BW_ERR_VALUE, 3, 1, "networks[0]", "must be an object"},
	{NETS "{\"asn\": 5}]}", BW_ERR_VALUE, 3, 1, "networks[0].prefix", "missing"},
	{NETS "{\"prefix\": 5}]}", BW_ERR_VALUE, 3, 12, "networks[0].prefix", "must be a prefix"},
	{NETS "{\"prefix\": \"198.18.0.0-9\"}]}", BW_ERR_VALUE, 3, 12, "networks[0].prefix",
	 "'198.18.0.0-9' is no prefix"},
	{NETS "{\"prefix\": \"198.18.0.1/24\"}]}", BW_ERR_VALUE, 3, 12, "networks[0].prefix",
	 "198.18.0.0/24"},
	{NETS "{\"prefix\": \"198.18.0.0/33\"}]}", BW_ERR_VALUE, 3, 12, "networks[0].prefix", "33"},
	{NET("\"asn\": 0"), BW_ERR_VALUE, 4, 8, "networks[0].asn", "0 is out of range: 1 to "},
	{NET("\"asn\": 4294967296"), BW_ERR_VALUE, 4, 8, "networks[0].asn", "out of range"},
	{NET("\"asn\": 1.5"), BW_ERR_VALUE, 4, 8, "networks[0].asn", "must be a whole number"},
	{NET("\"upstreams\": [5, -1]"), BW_ERR_VALUE, 4, 18, "networks[0].upstreams[1]", "range"},
	{NET("\"upstreams\": [5, null]"), BW_ERR_VALUE, 4, 18, "networks[0].upstreams[1]", "null"},
	{NET("\"upstreams\": [5, 5]"), BW_ERR_OVERLAP, 4, 18, "networks[0].upstreams[1]", "twice"},
	{NET("\"block_length\": 23"), BW_ERR_VALUE, 4, 17, "networks[0].block_length", "24 to 32"},
	{NET("\"block_length\": 33"), BW_ERR_VALUE, 4, 17, "networks[0].block_length", "24 to 32"},
	{NET("\"methods\": [\"icmp\"]"), BW_ERR_VALUE, 4, 1, "networks[0].methods",
	 "unknown key: a network has prefix"},
	{NET("\"host\": []"), BW_ERR_VALUE, 4, 1, "networks[0].host", "did you mean 'hosts'?"},
	{NET("\"hosts\": []"), BW_ERR_VALUE, 4, 10, "networks[0].hosts", "must not be empty"},
	{NET("\"hosts\": [5]"), BW_ERR_VALUE, 4, 11, "networks[0].hosts[0]", "must be an object"},
	{NET("\"hosts\": [\"198.18.0\"]"), BW_ERR_VALUE, 4, 11, "networks[0].hosts[0]",
	 "'198.18.0' is no address"},
	{NET("\"hosts\": [\"198.18.0.1\",\n{\"address\": \"198.18.1.1\"}]"), BW_ERR_VALUE, 5, 13,
	 "networks[0].hosts[1].address", "198.18.1.1 is outside of its network 198.18.0.0/24"},
	{NET("\"hosts\": [{}]"), BW_ERR_VALUE, 4, 11, "networks[0].hosts[0].address", "missing"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"seen\": \"2026-13-01\"}]"), BW_ERR_VALUE,
	 4, 45, "networks[0].hosts[0].seen", "'2026-13-01' is no day: write it like 2026-11-21"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"seen\": \"1969-12-31\"}]"), BW_ERR_VALUE,
	 4, 45, "networks[0].hosts[0].seen", "is no day"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"seen\": \"2149-06-07\"}]"), BW_ERR_VALUE,
	 4, 45, "networks[0].hosts[0].seen", "is no day"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"seen\": \"\"}]"), BW_ERR_VALUE,
	 4, 45, "networks[0].hosts[0].seen", "empty"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"availability\": 0}]"), BW_ERR_VALUE, 4,
	 53, "networks[0].hosts[0].availability", "0 is out of range: above 0, at most 1"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"availability\": 98}]"), BW_ERR_VALUE, 4,
	 53, "networks[0].hosts[0].availability", "98 is out of range"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"availability\": 1e-300}]"), BW_ERR_VALUE,
	 4, 53, "networks[0].hosts[0].availability", "out of range"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"availability\": \"1\"}]"), BW_ERR_VALUE,
	 4, 53, "networks[0].hosts[0].availability", "must be a number"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"methods\": [\"ping\"]}]"), BW_ERR_VALUE,
	 4, 49, "networks[0].hosts[0].methods[0]", "ping"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"name\": 1}]"), BW_ERR_VALUE, 4, 45,
	 "networks[0].hosts[0].name", "must be a string"},
	{NET("\"hosts\": [{\"address\": \"198.18.0.1\", \"adress\": 1}]"), BW_ERR_VALUE, 4, 37,
	 "networks[0].hosts[0].adress", "did you mean 'address'?"},
	{NET("\"hosts\": [\"198.18.0.7\",\n\"198.18.0.1\",\n{\"address\": \"198.18.0.7\"}]"),
	 BW_ERR_OVERLAP, 6, 1, "networks[0].hosts[2]",
	 "'198.18.0.7' is given twice, first in f, line 4"},
	{NETS "{\"prefix\": \"198.18.0.0/24\"},\n{\"prefix\": \"198.18.0.0/24\"}]}", BW_ERR_OVERLAP,
	 4, 1, "networks[1]", "'198.18.0.0/24' is given twice, first in f, line 3"},
	{NETS "{\"prefix\": \"198.18.4.0/24\"},\n{\"prefix\": \"198.18.9.0/24\"},\n"
	      "{\"prefix\": \"198.18.0.0/16\"}]}",
	 BW_ERR_OVERLAP, 5, 1, "networks[2]",
	 "198.18.0.0/16 overlaps 198.18.4.0/24, which is networks[0] in line 3"},
	{HEAD "\"networks\": [{\"prefix\": \"198.18.0.0/24\"}],\n\"references\": []}", BW_ERR_VALUE,
	 3, 15, "references", "must not be empty"},
	{HEAD "\"networks\": [{\"prefix\": \"198.18.0.0/24\"}],\n\"references\": [\"a b\"]}",
	 BW_ERR_VALUE, 3, 16, "references[0]", "no address and no name"},
	{HEAD "\"networks\": [{\"prefix\": \"198.18.0.0/24\"}],\n\"references\": {}}", BW_ERR_VALUE,
	 3, 15, "references", "must be an address"},
	{HEAD "\"networks\": [{\"prefix\": \"198.18.0.0/24\"}],\n\"references\": [\"kp\", \"kp\"]}",
	 BW_ERR_OVERLAP, 3, 22, "references[1]", "'kp' is given twice"},
	{HEAD "\"networks\": [{\"prefix\": \"198.18.0.0/24\"}],\n"
	      "\"references\": [\"::1\", \"0::1\"]}",
	 BW_ERR_OVERLAP, 3, 23, "references[1]", "'0::1' is given twice"},
};

static void errors_name_place_field_and_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bw_target *target = NULL;
		struct bw_err err = {0};
		int result = target_parse(bad[i].text, strlen(bad[i].text), "f", &target, &err);

		if (result != bad[i].code || err.line != bad[i].line ||
		    (bad[i].column >= 0 && err.column != bad[i].column) ||
		    strcmp(err.field, bad[i].field) != 0 || !strstr(err.message, bad[i].message))
			fail_msg("%s\ngave %d, %d:%d: %s: %s", bad[i].text, result, err.line,
				 err.column, err.field, err.message);
		assert_int_equal(err.code, result);
		assert_string_equal(err.file, "f");
		assert_null(target);
		assert_int_equal(target_parse(bad[i].text, strlen(bad[i].text), "f", &target, NULL),
				 result);
	}
}

static void zero_bytes_and_broken_utf8_are_refused(void **state)
{
	static const char zero[] = HEAD "\"title\": \"a\0b\"}";
	static const char utf8[] = HEAD "\"title\": \"\xff\"}";
	struct bw_target *target = NULL;

	(void)state;
	assert_int_equal(target_parse(zero, sizeof(zero) - 1, "f", &target, NULL), BW_ERR_SYNTAX);
	assert_int_equal(target_parse(utf8, sizeof(utf8) - 1, "f", &target, NULL), BW_ERR_SYNTAX);
	assert_null(target);
}

static void the_first_byte_tells_json_from_a_list(void **state)
{
	static const char json[] = "\xef\xbb\xbf \r\n\t" HEAD
				   "\"networks\": [{\"prefix\": \"198.18.0.0/24\"}]}";
	static const char list[] = "\xef\xbb\xbf \n 198.18.0.0/24";
	struct bw_target *target = NULL;

	(void)state;
	assert_int_equal(target_parse_any(json, sizeof(json) - 1, "f", &target, NULL), 0);
	bw_target_free(target);
	assert_int_equal(target_parse_any(list, sizeof(list) - 1, "f", &target, NULL), 0);
	bw_target_free(target);
	assert_int_equal(target_parse_any("\0{", 2, "f", &target, NULL), BW_ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_of_a_full_file),
		cmocka_unit_test(the_networks_of_a_full_file),
		cmocka_unit_test(only_a_prefix_is_required),
		cmocka_unit_test(forms_that_are_fine),
		cmocka_unit_test(errors_name_place_field_and_cause),
		cmocka_unit_test(zero_bytes_and_broken_utf8_are_refused),
		cmocka_unit_test(the_first_byte_tells_json_from_a_list),
	};

	return cmocka_run_group_tests_name("target/parse", tests, NULL, NULL);
}
