/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/method.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_parse(void **state)
{
	struct bw_method method;

	(void)state;
	assert_int_equal(bw_method_parse("icmp", &method, NULL), 0);
	assert_int_equal(method.protocol, BW_PROTOCOL_ICMP);
	assert_int_equal(method.port, 0);
	assert_int_equal(bw_method_parse("tcp:443", &method, NULL), 0);
	assert_int_equal(method.protocol, BW_PROTOCOL_TCP);
	assert_int_equal(method.port, 443);
}

static void test_parse_refuses(void **state)
{
	static const char *const cases[] = {
		"", "ICMP", "icmp ", " icmp", "icmp:1", "icmp6", "ping", "tcp", "tcp:", "tcp:0",
		"tcp:00", "tcp:080", "tcp:65536", "tcp:4294967297", "tcp:18446744073709551617",
		"tcp:-1", "tcp:+1", "tcp: 1", "tcp:1 ", "tcp:1x", "tcp:http", "tcp:80:81",
		"gre:53", "icmp,tcp:80",
		"tcp:11111111111111111111111111111111111111111111111111111111111111111111",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_method method = {.port = 7};
		struct bw_err err;

		assert_int_equal(bw_method_parse(cases[i], &method, &err), BW_ERR_VALUE);
		assert_int_equal(method.port, 7);
		assert_int_equal(err.code, BW_ERR_VALUE);
		assert_non_null(strstr(err.message, BW_METHOD_FORMS));
		assert_int_equal(bw_method_parse(cases[i], &method, NULL), BW_ERR_VALUE);
	}
}

static void test_round_trip(void **state)
{
	struct bw_method method = {BW_PROTOCOL_ICMP, 0}, again;
	char text[BW_METHOD_TEXT];

	(void)state;
	assert_string_equal(bw_method_format(method, text), "icmp");
	method.protocol = BW_PROTOCOL_TCP;
	for (unsigned port = 1; port <= UINT16_MAX; port++) {
		method.port = (uint16_t)port;
		assert_int_equal(bw_method_parse(bw_method_format(method, text), &again, NULL), 0);
		assert_true(bw_method_equal(method, again));
	}
	assert_string_equal(text, "tcp:65535");
	assert_string_equal(bw_method_format((struct bw_method){0}, text), "-");
}

/* Each protocol of the list has a text of its own, and the list of forms names it. */
static void test_every_protocol(void **state)
{
	(void)state;
	for (uint8_t protocol = 1; protocol <= BW_PROTOCOL_COUNT; protocol++) {
		struct bw_method method = {protocol, bw_protocol_has_port(protocol) ? 7 : 0}, again;
		char text[BW_METHOD_TEXT];

		bw_method_format(method, text);
		assert_int_equal(bw_method_parse(text, &again, NULL), 0);
		assert_true(bw_method_equal(method, again));
		text[strcspn(text, ":")] = '\0';
		assert_non_null(strstr(BW_METHOD_FORMS, text));
	}
	assert_false(bw_protocol_has_port(0));
	assert_false(bw_protocol_has_port(BW_PROTOCOL_ALL + 1));
}

/* UDP serves traceroute alone: it is refused where verdicts rest on answers. */
static void test_trace_methods(void **state)
{
	struct bw_methods methods = {0};
	struct bw_method method;
	struct bw_err err = {0};
	char text[BW_METHOD_TEXT];

	(void)state;
	assert_int_equal(bw_method_parse("udp:33434", &method, &err), BW_ERR_VALUE);
	assert_non_null(strstr(err.message, "serves 'blockwatch trace' only"));
	assert_int_equal(bw_methods_parse("icmp,udp:53", &methods, &err), BW_ERR_VALUE);
	assert_int_equal(bw_trace_method_parse("udp:33434", &method, NULL), 0);
	assert_string_equal(bw_method_format(method, text), "udp:33434");
	assert_int_equal(bw_trace_methods_parse("icmp,tcp:80,udp:53", &methods, NULL), 0);
	assert_int_equal(methods.count, 3);
	assert_int_equal(bw_trace_method_parse("udp", &method, &err), BW_ERR_VALUE);
	assert_non_null(strstr(err.message, BW_TRACE_METHOD_FORMS));
}

static void append(char *text, size_t size, const char *more)
{
	size_t used = strlen(text);

	assert_true(used + strlen(more) < size);
	snprintf(text + used, size - used, "%s", more);
}

static void assert_schema(const char *name, const char *pattern)
{
	const char *root = getenv("BW_SOURCE_ROOT");
	static char schema[1 << 18];
	char path[512];
	FILE *file;

	assert_non_null(root);
	snprintf(path, sizeof(path), "%s/%s", root, name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s cannot be read", path);
	schema[fread(schema, 1, sizeof(schema) - 1, file)] = '\0';
	fclose(file);
	if (!strstr(schema, pattern))
		fail_msg("%s does not have the pattern %s", path, pattern);
}

/* What is written by hand about methods names every protocol of the list. */
static void test_patterns(void **state)
{
	static const char *const names[] = {
#define X(NAME, name, number, has_port) #name,
		BW_PROTOCOL_LIST(X)
#undef X
	};
	char pattern[256] = "", strict[256] = "^(";
	const char *separator = "";

	(void)state;
	for (uint8_t i = 0; i < BW_PROTOCOL_COUNT; i++) {
		bool port = bw_protocol_has_port((uint8_t)(i + 1));

		append(pattern, sizeof(pattern), separator);
		append(pattern, sizeof(pattern), names[i]);
		append(pattern, sizeof(pattern), port ? ":[0-9]{1,5}" : "");
		append(strict, sizeof(strict), separator);
		append(strict, sizeof(strict), names[i]);
		append(strict, sizeof(strict), port ? ":[1-9][0-9]{0,4}" : "");
		separator = "|";
	}
	append(strict, sizeof(strict), ")$");
	assert_string_equal(pattern, BW_METHOD_PATTERN);
	assert_schema("src/target/target.schema.json", strict);
	assert_schema("src/report/record.schema.json", strict);
}

static void test_add(void **state)
{
	struct bw_methods methods = {0};
	struct bw_err err;

	(void)state;
	for (uint16_t port = 1; port <= BW_METHODS_MAX; port++)
		assert_int_equal(bw_methods_add(&methods, (struct bw_method){BW_PROTOCOL_TCP, port},
						NULL),
				 0);
	assert_int_equal(bw_methods_add(&methods, (struct bw_method){BW_PROTOCOL_TCP, 2}, &err),
			 BW_ERR_OVERLAP);
	assert_non_null(strstr(err.message, "tcp:2"));
	assert_int_equal(bw_methods_add(&methods, (struct bw_method){BW_PROTOCOL_ICMP, 0}, &err),
			 BW_ERR_LIMIT);
	assert_int_equal(methods.count, BW_METHODS_MAX);
	assert_int_equal(methods.list[BW_METHODS_MAX - 1].port, BW_METHODS_MAX);
}

static void test_list(void **state)
{
	struct bw_methods methods = {0};

	(void)state;
	assert_int_equal(bw_methods_parse("tcp:443,icmp", &methods, NULL), 0);
	assert_int_equal(bw_methods_parse("tcp:80", &methods, NULL), 0);
	assert_int_equal(methods.count, 3);
	assert_int_equal(methods.list[0].port, 443);
	assert_int_equal(methods.list[1].protocol, BW_PROTOCOL_ICMP);
	assert_int_equal(methods.list[2].port, 80);
}

static void test_list_refuses(void **state)
{
	static const struct {
		const char *text;
		int code;
	} cases[] = {
		{"", BW_ERR_VALUE},
		{",", BW_ERR_VALUE},
		{"icmp,", BW_ERR_VALUE},
		{",icmp", BW_ERR_VALUE},
		{"icmp,,tcp:1", BW_ERR_VALUE},
		{"icmp, tcp:1", BW_ERR_VALUE},
		{"tcp:1,tcp", BW_ERR_VALUE},
		{"icmp,icmp", BW_ERR_OVERLAP},
		{"icmp,tcp:99", BW_ERR_OVERLAP},
		{"tcp:1,tcp:2,tcp:3,tcp:4,tcp:5,tcp:6,tcp:7,tcp:8", BW_ERR_LIMIT},
		{"tcp:1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		 BW_ERR_VALUE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_methods methods = {0};
		struct bw_err err;

		assert_int_equal(bw_methods_parse("tcp:99", &methods, NULL), 0);
		assert_int_equal(bw_methods_parse(cases[i].text, &methods, &err), cases[i].code);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(methods.count, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),      cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_every_protocol),
		cmocka_unit_test(test_trace_methods),
		cmocka_unit_test(test_patterns),   cmocka_unit_test(test_add),
		cmocka_unit_test(test_list),       cmocka_unit_test(test_list_refuses),
	};

	return cmocka_run_group_tests_name("base/method", tests, NULL, NULL);
}
