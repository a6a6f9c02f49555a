/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "conf/keys/print.h"

/* A small configuration of its own: objects, lists of objects of two kinds, defaults. */
struct box {
	struct keys_place place;
	unsigned type; /* 1: plain, 2: locked, 3: safe */
	const char *name;
	uint64_t code;
};
struct inner {
	double low, high;
};
struct values {
	const char *name;
	double size;
	bool on;
	struct inner inner;
	struct keys_texts tags;
	struct {
		struct box *list;
		size_t count;
	} boxes;
};

static const char *const box_words[] = {"plain", "locked", "safe", NULL};
static const struct keys_key box_keys[] = {
	{.name = "type", .type = KEYS_CHOICE, .offset = offsetof(struct box, type),
	 .standard = "\"plain\"", .words = box_words, .help = "Which kind."},
	{.name = "name", .type = KEYS_TEXT, .flags = KEYS_REQUIRED | KEYS_UNIQUE,
	 .offset = offsetof(struct box, name), .example = "\"b\"", .help = "What it is called."},
	{.name = "code", .type = KEYS_COUNT, .flags = KEYS_REQUIRED,
	 .offset = offsetof(struct box, code), .min = 1, .max = 9, .absent = "none",
	 .example = "7", .only = "locked safe", .help = "What opens it."},
};
static const struct keys_group boxes = {
	.what = "a box", .keys = box_keys, .count = 3, .size = sizeof(struct box),
	.shorthand = "name", .kind = "type",
};
static const struct keys_key inner_keys[] = {
	{.name = "low", .type = KEYS_NUMBER, .offset = offsetof(struct inner, low),
	 .standard = "1", .help = "From."},
	{.name = "high", .type = KEYS_NUMBER, .offset = offsetof(struct inner, high),
	 .standard = "2.5", .help = "To."},
};
static const struct keys_group inner = {
	.what = "\"inner\"", .keys = inner_keys, .count = 2, .size = sizeof(struct inner),
};
static const struct keys_key keys[] = {
	{.name = "name", .type = KEYS_NAME, .flags = KEYS_REQUIRED | KEYS_RESTART,
	 .offset = offsetof(struct values, name), .example = "\"n\"", .help = "A name."},
	{.name = "size", .type = KEYS_NUMBER, .offset = offsetof(struct values, size),
	 .min = 1, .max = 10, .unit = "feet", .standard = "3", .help = "How long."},
	{.name = "on", .type = KEYS_BOOL, .offset = offsetof(struct values, on),
	 .standard = "true", .help = "Whether."},
	{.name = "inner", .type = KEYS_GROUP, .offset = offsetof(struct values, inner),
	 .group = &inner, .help = "Inside."},
	{.name = "tags", .type = KEYS_TEXTS, .offset = offsetof(struct values, tags),
	 .help = "Tags."},
	{.name = "boxes", .type = KEYS_LIST, .offset = offsetof(struct values, boxes),
	 .standard = "[\"default\"]", .example = "[\"b\"]", .group = &boxes, .help = "Boxes."},
	{.name = "include", .type = KEYS_TEXTS, .flags = KEYS_INCLUDE, .help = "More."},
};
static const struct keys_group group = {
	.what = "the sample", .keys = keys, .count = 7, .size = sizeof(struct values),
};

struct reading {
	struct values values;
	struct pool pool;
	struct bw_err err;
	char text[1024]; /* the error */
};

/* One more text on top of what was read. */
static int add(struct reading *reading, const char *text)
{
	struct document document = {.file = "c.json", .err = &reading->err};
	int code = document_parse(&document, &keys_form, text, strlen(text));
	struct node root;

	if (code == 0) {
		root = node_root(&document);
		code = keys_read(&group, &root, &reading->values, &reading->pool);
	}
	if (code == 0)
		code = keys_finish(&group, &root, &reading->values, &reading->pool);
	document_fini(&document);
	if (code < 0)
		bw_err_format(&reading->err, reading->text, sizeof(reading->text));
	return code;
}

static int read_text(struct reading *reading, const char *text)
{
	*reading = (struct reading){.pool = {NULL}};
	assert_int_equal(keys_init(&group, &reading->values, &reading->pool), 0);
	return add(reading, text);
}

static void check_refused(const char *text, int code, const char *message)
{
	struct reading reading;

	assert_int_equal(read_text(&reading, text), code);
	assert_string_equal(reading.text, message);
	pool_fini(&reading.pool);
}

static void test_defaults(void **state)
{
	struct reading reading;
	const struct values *values = &reading.values;

	(void)state;
	assert_int_equal(read_text(&reading, "{\"name\": \"n\"}"), 0);
	assert_string_equal(values->name, "n");
	assert_float_equal(values->size, 3, 0);
	assert_true(values->on);
	assert_float_equal(values->inner.low, 1, 0);
	assert_float_equal(values->inner.high, 2.5, 0);
	assert_int_equal(values->tags.count, 0);
	assert_int_equal(values->boxes.count, 1);
	assert_string_equal(values->boxes.list[0].name, "default");
	assert_int_equal(values->boxes.list[0].type, 1);
	assert_string_equal(values->boxes.list[0].place.file, "the defaults");
	pool_fini(&reading.pool);
}

static void test_all_given(void **state)
{
	struct reading reading;
	const struct values *values = &reading.values;

	(void)state;
	assert_int_equal(read_text(&reading, "{\"boxes\": [\"a\",\n"
				   " {\"type\": \"locked\", \"name\": \"b\", \"code\": 7}],\n"
				   " \"inner\": {\"high\": 9}, \"on\": false, \"name\": \"n\",\n"
				   " \"tags\": [\"x\", \"y\"], \"include\": \"not mine\"}"), 0);
	assert_false(values->on);
	assert_float_equal(values->inner.low, 1, 0);
	assert_float_equal(values->inner.high, 9, 0);
	assert_int_equal(values->boxes.count, 2);
	assert_string_equal(values->boxes.list[0].name, "a");
	assert_int_equal(values->boxes.list[1].type, 2);
	assert_int_equal(values->boxes.list[1].code, 7);
	assert_int_equal(values->boxes.list[1].place.line, 2);
	assert_int_equal(values->boxes.list[1].place.column, 2);
	assert_string_equal(values->tags.list[1].text, "y");
	assert_int_equal(values->tags.list[1].place.line, 4);
	pool_fini(&reading.pool);
}

/* The second text: lists grow, the rest is overridden, what is not named stays. */
static void test_texts_on_top_of_each_other(void **state)
{
	struct reading reading;
	const struct values *values = &reading.values;

	(void)state;
	assert_int_equal(read_text(&reading,
				   "{\"name\": \"n\", \"boxes\": [\"a\"], \"tags\": \"x\","
				   " \"size\": 4, \"inner\": {\"low\": 0.5}}"),
			 0);
	assert_int_equal(add(&reading, "{\"boxes\": [\"b\"], \"tags\": [\"y\"], \"size\": 5,"
			     " \"inner\": {\"high\": 7}}"), 0);
	assert_string_equal(values->name, "n");
	assert_float_equal(values->size, 5, 0);
	assert_float_equal(values->inner.low, 0.5, 0);
	assert_float_equal(values->inner.high, 7, 0);
	assert_int_equal(values->boxes.count, 2);
	assert_string_equal(values->boxes.list[0].name, "a");
	assert_string_equal(values->boxes.list[1].name, "b");
	assert_int_equal(values->tags.count, 2);
	assert_int_equal(add(&reading, "{\n\"boxes\": [{\"name\": \"a\"}]}"), BW_ERR_OVERLAP);
	assert_string_equal(reading.text,
			    "c.json:2:11: boxes[0]: 'a' is given twice, first in c.json, line 1");
	assert_int_equal(add(&reading, "{\"tags\": \"x\"}"), BW_ERR_OVERLAP);
	pool_fini(&reading.pool);
}

static void test_unknown_keys(void **state)
{
	(void)state;
	check_refused("{\"name\": \"n\",\n \"sise\": 3}", BW_ERR_VALUE,
		      "c.json:2:2: sise: unknown key, did you mean 'size'?");
	check_refused("{\"name\": \"n\", \"inner\": {\"hihg\": 3}}", BW_ERR_VALUE,
		      "c.json:1:25: inner.hihg: unknown key, did you mean 'high'?");
	check_refused("{\"boxes\": [{\"colour\": 3}]}", BW_ERR_VALUE,
		      "c.json:1:13: boxes[0].colour: unknown key: a box has type, name, code");
	check_refused("{\"\": 1}", BW_ERR_VALUE,
		      "c.json:1:2: unknown key: the sample has name, size, on, inner, tags, boxes, "
		      "include");
}

static void test_missing_keys(void **state)
{
	(void)state;
	check_refused("{}", BW_ERR_VALUE,
		      "c.json:1:1: name: missing: write it, as in \"name\": \"n\"");
	check_refused("{\"name\": \"n\",\n \"boxes\": [{\"name\": \"a\"}, {}]}", BW_ERR_VALUE,
		      "c.json:2:27: boxes[1].name: missing: write it, as in \"name\": \"b\"");
	check_refused("{\"boxes\": [{\"type\": \"locked\", \"name\": \"a\"}]}", BW_ERR_VALUE,
		      "c.json:1:12: boxes[0].code: missing: write it, as in \"code\": 7");
	check_refused("{\"boxes\": [{\"type\": \"safe\", \"name\": \"a\"}]}", BW_ERR_VALUE,
		      "c.json:1:12: boxes[0].code: missing: write it, as in \"code\": 7");
}

static void test_wrong_shape(void **state)
{
	(void)state;
	check_refused("[]", BW_ERR_VALUE, "c.json:1:1: must be an object, not a list");
	check_refused("{\"inner\": 1}", BW_ERR_VALUE,
		      "c.json:1:11: inner: must be an object, not a number");
	check_refused("{\"boxes\": \"a\"}", BW_ERR_VALUE,
		      "c.json:1:11: boxes: must be a list, as in \"boxes\": [\"b\"]");
	check_refused("{\"boxes\": []}", BW_ERR_VALUE, "c.json:1:11: boxes: must not be empty");
	check_refused("{\"boxes\": [7]}", BW_ERR_VALUE,
		      "c.json:1:12: boxes[0]: must be an object, not a number");
	check_refused("{\"boxes\": [{\"name\": \"a\", \"code\": 7}]}", BW_ERR_VALUE,
		      "c.json:1:26: boxes[0].code: only for \"type\": \"locked\" or \"safe\"");
}

static void test_too_many_objects(void **state)
{
	const size_t size = 1 << 20;
	char *text = malloc(size);
	struct reading reading;
	size_t used = (size_t)snprintf(text, size, "{\"name\": \"n\", \"boxes\": [\"b\"");

	(void)state;
	for (int i = 1; i < KEYS_LIST_MAX; i++)
		used += (size_t)snprintf(text + used, size - used, ",\"b%d\"", i);
	snprintf(text + used, size - used, "]}");
	assert_int_equal(read_text(&reading, text), 0);
	assert_int_equal(reading.values.boxes.count, KEYS_LIST_MAX);
	assert_int_equal(add(&reading, "{\"boxes\": [\"more\"]}"), BW_ERR_LIMIT);
	assert_string_equal(reading.text, "c.json:1:12: boxes[0]: more than 4096 of them");
	pool_fini(&reading.pool);
	free(text);
}

static void test_restart(void **state)
{
	struct reading before, after;

	(void)state;
	assert_int_equal(read_text(&before, "{\"name\": \"n\"}"), 0);
	assert_int_equal(read_text(&after, "{\"name\": \"n\", \"size\": 9}"), 0);
	assert_null(keys_restart_needed(&group, &before.values, &after.values));
	assert_int_equal(add(&after, "{\"name\": \"m\"}"), 0);
	assert_string_equal(keys_restart_needed(&group, &before.values, &after.values), "name");
	pool_fini(&before.pool);
	pool_fini(&after.pool);
}

static char *printed(void (*print)(FILE *out, const void *argument), const void *argument)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	print(out, argument);
	fclose(out);
	return text;
}

static void print_values(FILE *out, const void *values)
{
	keys_print_values(&group, values, out);
}

static void test_values_in_words(void **state)
{
	struct reading reading;
	char *text;

	(void)state;
	assert_int_equal(
		read_text(&reading,
			  "{\"name\": \"n\", \"size\": 2.5, \"boxes\": [\"a\", {\"name\": \"b\","
			  " \"type\": \"locked\", \"code\": 7}]}"),
		0);
	text = printed(print_values, &reading.values);
	assert_string_equal(text,
			    "name                          n\n"
			    "size                          2.5 feet\n"
			    "on                            yes\n"
			    "inner.low                     1\n"
			    "inner.high                    2.5\n"
			    "tags                          none\n"
			    "boxes                         a: type plain\n"
			    "                              b: type locked, code 7\n");
	free(text);
	pool_fini(&reading.pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all_given),
		cmocka_unit_test(test_texts_on_top_of_each_other),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_missing_keys),
		cmocka_unit_test(test_wrong_shape),
		cmocka_unit_test(test_too_many_objects),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_values_in_words),
	};

	return cmocka_run_group_tests_name("conf/keys", tests, NULL, NULL);
}
