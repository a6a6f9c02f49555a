/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <blockwatch/method.h>
#include <blockwatch/time.h>

#include "conf/keys/print.h"
#include "conf/keys/value.h"
#include "conf/options/options.h"

/* Sets one value of FILE "dir/c.json" from JSON text; the last error stays in *err. */
static int set(const struct keys_key *key, const char *json, void *field, struct pool *pool,
	       struct bw_err *err)
{
	struct document document = {.file = "dir/c.json", .err = err};
	char text[512];
	int length = snprintf(text, sizeof(text), "[%s]", json);
	int code = document_parse(&document, &keys_form, text, (size_t)length);
	struct node root, value;

	if (code == 0) {
		root = node_root(&document);
		value = node_element(&root, 0);
		code = keys_set(key, &value, field, pool);
	}
	document_fini(&document);
	return code;
}

static void check_refused(const struct keys_key *key, const char *json, const char *message)
{
	struct pool pool = {NULL};
	unsigned char field[256] = {0}, before[256] = {0};
	struct bw_err err;

	assert_true(set(key, json, field, &pool, &err) < 0);
	assert_string_equal(err.message, message);
	assert_int_equal(err.line, 1);
	assert_memory_equal(field, before, sizeof(field));
	pool_fini(&pool);
}

/* Sets it, then says it in words. */
static void check_words(const struct keys_key *key, const char *json, const char *wanted)
{
	struct pool pool = {NULL};
	_Alignas(16) unsigned char field[256] = {0};
	char *words = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&words, &size);

	if (json)
		assert_int_equal(set(key, json, field, &pool, NULL), 0);
	assert_int_equal(keys_is_unset(key, field), !json);
	keys_print_value(key, field, out);
	fclose(out);
	assert_string_equal(words, wanted);
	free(words);
	pool_fini(&pool);
}

static void test_text(void **state)
{
	const struct keys_key key = {.type = KEYS_TEXT, .min = 1, .max = 5};

	(void)state;
	check_words(&key, "\"a b\"", "a b");
	check_words(&key, NULL, "none");
	check_refused(&key, "7", "must be a string, not a number");
	check_refused(&key, "null", "must be a string, not null");
	check_refused(&key, "\"\"", "must not be empty: leave it out");
	check_refused(&key, "\"123456\"", "6 bytes is out of range: 1 to 5 bytes");
	check_refused(&key, "\"a\\nb\"", "has a control character in it");
	check_refused(&key, "\"a\\u007f\"", "has a control character in it");
}

static void test_name(void **state)
{
	const struct keys_key key = {.type = KEYS_NAME, .min = 1, .max = 63};

	(void)state;
	check_words(&key, "\"Fra-1_b.x\"", "Fra-1_b.x");
	check_refused(&key, "\"a b\"",
		      "'a b' is no name: it has letters, digits, '.', '_' and '-'");
	check_refused(&key, "\"\xc3\xbc\"",
		      "'\xc3\xbc' is no name: it has letters, digits, '.', '_' and '-'");
}

static void test_paths_begin_at_the_folder_of_the_file(void **state)
{
	const struct keys_key key = {.type = KEYS_PATH}, list = {.type = KEYS_PATHS};

	(void)state;
	check_words(&key, "\"x\"", "dir/x");
	check_words(&key, "\"./x/y\"", "dir/./x/y");
	check_words(&key, "\"/x\"", "/x");
	check_words(&list, "\"x\"", "dir/x");
	check_words(&list, "[\"x\", \"/y\"]", "dir/x, /y");
	check_refused(&list, "[]", "must not be empty: leave it out");
	check_refused(&list, "[\"x\", 1]", "must be a path or a list of paths, not a number");
}

static void test_target(void **state)
{
	const struct keys_key key = {.type = KEYS_TARGET}, list = {.type = KEYS_TARGETS};

	(void)state;
	check_words(&key, "\"kp\"", "kp");
	check_words(&key, "\"198.18.0.0/24\"", "198.18.0.0/24");
	check_words(&key, "\"2001:db8::1\"", "2001:db8::1");
	check_words(&key, "\"lists/kp.json\"", "dir/lists/kp.json");
	check_words(&key, "\"kp.json\"", "dir/kp.json");
	check_words(&key, "\"hosts.txt\"", "dir/hosts.txt");
	check_words(&key, "\".json\"", ".json");
	check_words(&list, "[\"198.18.0.1\", \"references\"]", "198.18.0.1, references");
	check_refused(&key, "\"198.18.0.1/24\"",
		      "'198.18.0.1/24' has bits set behind its length; 198.18.0.0/24 is meant?");
	check_refused(&key, "\"198.18.0.0/33\"",
		      "'198.18.0.0/33': the length of an IPv4 prefix is 0 to 32");
}

static void test_texts_grow(void **state)
{
	const struct keys_key key = {.type = KEYS_TEXTS};
	struct keys_texts texts = {NULL, 0};
	struct pool pool = {NULL};
	struct bw_err err;

	(void)state;
	assert_int_equal(set(&key, "[\"a\", \"b\"]", &texts, &pool, &err), 0);
	assert_int_equal(set(&key, "\"c\"", &texts, &pool, &err), 0);
	assert_int_equal(texts.count, 3);
	assert_string_equal(texts.list[2].text, "c");
	assert_string_equal(texts.list[1].place.file, "dir/c.json");
	assert_int_equal(texts.list[1].place.column, 8);
	assert_int_equal(set(&key, "[\"d\", \"a\"]", &texts, &pool, &err), BW_ERR_OVERLAP);
	assert_string_equal(err.message, "'a' is given twice, first in dir/c.json, line 1");
	pool_fini(&pool);
}

static void test_bool(void **state)
{
	const struct keys_key key = {.type = KEYS_BOOL};

	(void)state;
	check_words(&key, "true", "yes");
	check_words(&key, "false", "no");
	check_refused(&key, "1", "must be true or false, not a number");
	check_refused(&key, "\"true\"", "must be true or false, not a string");
}

static void test_numbers(void **state)
{
	const struct keys_key number = {.type = KEYS_NUMBER, .min = 0.5, .max = 1e6, .absent = "x"};
	const struct keys_key count = {.type = KEYS_COUNT, .min = 1, .max = 1000, .unit = "files",
				       .absent = "no limit"};

	(void)state;
	check_words(&number, "1e3", "1000");
	check_words(&number, "0.5", "0.5");
	check_words(&number, NULL, "x");
	check_refused(&number, "0.49", "0.49 is out of range: 0.5 to 1000000");
	check_refused(&number, "1000001", "1000001 is out of range: 0.5 to 1000000");
	check_refused(&number, "-1", "-1 is out of range: 0.5 to 1000000");
	check_refused(&number, "[1]", "must be a number, not a list");
	check_words(&count, "1e3", "1000 files");
	check_words(&count, NULL, "no limit");
	check_refused(&count, "1.5", "must be a whole number");
	check_refused(&count, "0", "0 is out of range: 1 to 1000 files");
	check_refused(&count, "9000000000000000000",
		      "9000000000000000000 is out of range: 1 to 1000 files");
	check_refused(&count, "100000000000", "100000000000 is out of range: 1 to 1000 files");
	check_refused(&count, "-100000000000", "-100000000000 is out of range: 1 to 1000 files");
	check_refused(&number, "100000000000.5", "1e+11 is out of range: 0.5 to 1000000");
	check_refused(&number, "1e30", "1e+30 is out of range: 0.5 to 1000000");
}

static void test_size(void **state)
{
	const struct keys_key key = {.type = KEYS_SIZE, .min = 1000, .max = 1e12, .absent = "x"};
	static const char no_size[] = " is no size: a whole number and one of the units K, M, G, "
				      "T (1024), B, kB, MB, GB, KiB, MiB, GiB, as in \"16M\"";
	char message[200];

	(void)state;
	check_words(&key, "100000000", "100 MB");
	check_words(&key, "\"100MB\"", "100 MB");
	check_words(&key, "\"100 MB\"", "100 MB");
	check_words(&key, "\"2GB\"", "2 GB");
	check_words(&key, "\"64MiB\"", "64 MiB");
	check_words(&key, "\"3kB\"", "3 kB");
	check_words(&key, "\"16M\"", "16 MiB");
	check_words(&key, "\"1G\"", "1 GiB");
	check_words(&key, "\"3000K\"", "3072 kB");
	check_words(&key, "\"1025\"", "1025 bytes");
	check_words(&key, NULL, "x");
	check_refused(&key, "\"1B\"", "'1B' is out of range: 1 kB to 1000 GB");
	check_refused(&key, "\"999999999999999GiB\"",
		      "'999999999999999GiB' is out of range: 1 kB to 1000 GB");
	check_refused(&key, "1.5", "must be a size such as \"16M\", not a number");
	for (int i = 0; i < 5; i++) {
		static const char *const bad[] = {"MB", "1TB", "1.5GB", "-1MB",
						  "1000000000000000000"};
		char json[32];

		snprintf(json, sizeof(json), "\"%s\"", bad[i]);
		snprintf(message, sizeof(message), "'%s'%s", bad[i], no_size);
		check_refused(&key, json, message);
	}
}

static void test_duration(void **state)
{
	const struct keys_key key = {.type = KEYS_DURATION, .min = 0.5, .max = 600, .absent = "x"};

	(void)state;
	check_words(&key, "\"500ms\"", "500 ms");
	check_words(&key, "\"10m\"", "10 min");
	check_words(&key, NULL, "x");
	check_refused(&key, "\"499ms\"", "'499ms' is out of range: 500 ms to 10 min");
	check_refused(&key, "\"1h\"", "'1h' is out of range: 500 ms to 10 min");
	check_refused(&key, "10", "must be a duration such as \"10s\", not a number");
	check_refused(&key, "\"10\"", "'10' is no duration; use a number with one of the units us, "
				      "ms, s, m, h, d, as in 500ms or 10s");
}

static void test_methods(void **state)
{
	const struct keys_key key = {.type = KEYS_METHODS, .absent = "those of the target"};
	struct bw_methods methods = {.count = 0};
	struct pool pool = {NULL};

	(void)state;
	check_words(&key, "\"icmp,tcp:443\"", "icmp, tcp:443");
	check_words(&key, "[\"icmp\", \"tcp:443\"]", "icmp, tcp:443");
	check_words(&key, NULL, "those of the target");
	check_refused(&key, "[]", "must not be empty: leave it out");
	check_refused(&key, "[1]", "must be a method or a list of methods, not a number");
	/* It says which; a second value takes the place of the first. */
	assert_int_equal(set(&key, "[\"icmp\", \"icmp\"]", &methods, &pool, NULL), BW_ERR_OVERLAP);
	assert_int_equal(set(&key, "\"gre:53\"", &methods, &pool, NULL), BW_ERR_VALUE);
	assert_int_equal(set(&key, "\"icmp\"", &methods, &pool, NULL), 0);
	assert_int_equal(set(&key, "\"tcp:80\"", &methods, &pool, NULL), 0);
	assert_int_equal(methods.count, 1);
	assert_int_equal(methods.list[0].port, 80);
}

static void test_addresses(void **state)
{
	const struct keys_key key = {.type = KEYS_ADDRESSES};

	(void)state;
	check_words(&key, "\"198.18.0.1\"", "198.18.0.1");
	check_words(&key, "[\"2001:db8::1\", \"198.18.0.1\"]", "198.18.0.1, 2001:db8::1");
	check_words(&key, NULL, "none");
	check_refused(&key, "\"x\"", "'x' is no address");
	check_refused(&key, "[\"198.18.0.1\", \"198.18.0.2\"]", "a second IPv4 address: give one");
	check_refused(&key, "[]", "must not be empty: leave it out");
}

static void test_choices(void **state)
{
	static const char *const words[] = {"block", "event", "probe", NULL};
	const struct keys_key one = {.type = KEYS_CHOICE, .words = words};
	const struct keys_key many = {.type = KEYS_CHOICES, .words = words};
	struct pool pool = {NULL};
	unsigned value = 0;

	(void)state;
	assert_int_equal(set(&one, "\"probe\"", &value, &pool, NULL), 0);
	assert_int_equal(value, 3);
	assert_int_equal(set(&many, "[\"probe\", \"block\"]", &value, &pool, NULL), 0);
	assert_int_equal(value, 1 << 2 | 1 << 0);
	check_words(&one, "\"event\"", "event");
	check_words(&many, "[\"probe\", \"block\"]", "block, probe");
	check_words(&many, "\"probe\"", "probe");
	check_refused(&one, "\"evnet\"", "'evnet' is not known, did you mean 'event'?");
	check_refused(&one, "\"x\"", "'x' is not known, there are: block, event, probe");
	check_refused(&one, "1", "must be one of a few words, not a number");
	check_refused(&many, "[\"probe\", \"probe\"]", "'probe' is given twice");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_paths_begin_at_the_folder_of_the_file),
		cmocka_unit_test(test_target),
		cmocka_unit_test(test_texts_grow),
		cmocka_unit_test(test_bool),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_choices),
	};

	return cmocka_run_group_tests_name("conf/value", tests, NULL, NULL);
}
