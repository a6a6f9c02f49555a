/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/state/state_read.h"
#include "report/state/state_write.h"
#include "state_samples.h"

struct kept {
	unsigned count;
	struct state_path path;
};

static int keep(void *self, const struct state_path *path)
{
	struct kept *kept = self;

	assert_string_equal(path->target, sample_path().target);
	kept->path = *path;
	kept->count++;
	return 0;
}

static int read_text(const char *text, struct kept *kept, struct bw_err *err)
{
	const struct state_handlers handlers = {.path = keep, .self = kept};

	*kept = (struct kept){0};
	return state_read(text, strlen(text), "state.jsonl", &handlers, err);
}

static void assert_same(const struct state_path *a, const struct state_path *b)
{
	assert_true(bw_addr_equal(&a->destination, &b->destination));
	assert_true(bw_method_equal(a->method, b->method));
	assert_int_equal(a->flow, b->flow);
	assert_int_equal(a->traces, b->traces);
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->traced.ns, b->traced.ns);
	assert_int_equal(a->hop_count, b->hop_count);
	for (uint32_t n = 0; n < a->hop_count; n++) {
		assert_true(bw_addr_equal(&a->hops[n].from, &b->hops[n].from));
		assert_int_equal(a->hops[n].ttl, b->hops[n].ttl);
		assert_int_equal(a->hops[n].flows, b->hops[n].flows);
		assert_int_equal(a->hops[n].rate, b->hops[n].rate);
		assert_int_equal(a->hops[n].age_min, b->hops[n].age_min);
	}
}

static void test_round_trip(void **state)
{
	const struct state_path path = sample_path();
	char *text = sample_state();
	struct kept kept;

	(void)state;
	assert_int_equal(read_text(text, &kept, NULL), 0);
	assert_int_equal(kept.count, 1);
	assert_same(&kept.path, &path);
	free(text);
}

/* The longest line that there can be is written and read. */
static void test_longest_line(void **state)
{
	const struct state_head head = sample_head(0, 0, 1);
	const struct state_handlers nobody = {0};
	struct state_path path = sample_path();
	char name[STATE_NAME_MAX + 1], *text;
	struct state_writer writer;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	(void)state;
	memset(name, 1, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	path.target = name;
	path.traces = UINT16_MAX;
	assert_int_equal(bw_addr_parse("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", &path.destination),
			 0);
	for (path.hop_count = 0; path.hop_count < STATE_HOPS_MAX; path.hop_count++)
		path.hops[path.hop_count] =
			(struct state_hop){path.destination, 38 + (uint8_t)path.hop_count, 3, 255,
					   UINT16_MAX};
	assert_int_equal(state_writer_begin(&writer, file, &head, NULL), 0);
	assert_int_equal(state_writer_put_path(&writer, &path), 0);
	assert_int_equal(state_writer_put_path(&writer, &path), BW_ERR_VALUE);
	writer.error = 0;
	assert_int_equal(state_writer_end(&writer), 0);
	fclose(file);
	assert_int_equal(state_read(text, length, "state.jsonl", &nobody, NULL), 0);
	free(text);
}

/* What only a program that is wrong can have written: the checksum fits. */
static const struct {
	const char *from, *to;
	int code;
	const char *field;
} impossible[] = {
	{"\"type\":\"path\"", "\"type\":\"way\"", BW_ERR_SYNTAX, "type"},
	{"\"destination\":\"198.18.4.9\"", "\"destination\":\"198.18.4\"", BW_ERR_SYNTAX,
	 "destination"},
	{"\"destination\":\"198.18.4.9\"", "\"destination\":\"2001:db8::9\"", BW_ERR_VALUE, "hops"},
	{"tcp:443", "tcp:0", BW_ERR_SYNTAX, "method"},
	{"tcp:443", "udp:53", BW_ERR_SYNTAX, "method"},
	{"\"flow\":2", "\"flow\":3", BW_ERR_VALUE, "flow"},
	{"\"flow\":2,", "", BW_ERR_SYNTAX, "flow"},
	{"\"traces\":17", "\"traces\":0", BW_ERR_VALUE, "traces"},
	{"\"traces\":17", "\"traces\":65536", BW_ERR_VALUE, "traces"},
	{"\"end\":9", "\"end\":65", BW_ERR_VALUE, "end"},
	{"\"traced_ns\":1", "\"traced_ns\":8", BW_ERR_VALUE, "traced_ns"},
	{"\"traced_ns\":1795261800000000000", "\"traced_ns\":0", BW_ERR_VALUE, "traced_ns"},
	{"[[1,", "[[64,", BW_ERR_VALUE, "hops"},
	{"[[1,", "[[0,", BW_ERR_VALUE, "hops"},
	{"[[1,", "[[256,", BW_ERR_SYNTAX, "hops"},
	{"[[1,", "[[5,", BW_ERR_VALUE, "hops"},
	{"10.99.4.2", "10.99.44.2", BW_ERR_VALUE, "hops"},
	{"10.99.4.2", "10.99.4", BW_ERR_SYNTAX, "hops"},
	{"\"10.99.4.2\",1,", "\"10.99.4.2\",4,", BW_ERR_VALUE, "hops"},
	{"\"10.99.4.2\",1,", "\"10.99.4.2\",0,", BW_ERR_VALUE, "hops"},
	{",200,0]", ",256,0]", BW_ERR_SYNTAX, "hops"},
	{",90,1440]", ",90,65536]", BW_ERR_SYNTAX, "hops"},
	{",90,1440]", ",90]", BW_ERR_SYNTAX, "hops"},
	{",90,1440]", ",90,1440,1]", BW_ERR_SYNTAX, "hops"},
	{"\"hops\":[", "\"hops\":[],\"more\":[", BW_ERR_SYNTAX, "hops"},
};

static void test_impossible_values(void **state)
{
	char *text = sample_state();

	(void)state;
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
		char *lines = sample_edit(text, impossible[i].from, impossible[i].to);
		char *sealed = sample_seal(lines);
		struct kept kept;
		struct bw_err err;

		assert_int_equal(read_text(sealed, &kept, &err), impossible[i].code);
		assert_int_equal(err.line, 6);
		assert_string_equal(err.field, impossible[i].field);
		assert_int_equal(kept.count, 0);
		free(sealed);
		free(lines);
	}
	free(text);
}

static void test_too_many_hops(void **state)
{
	char list[800] = "\"hops\":[", *text = sample_state(), *lines, *sealed;
	struct kept kept;
	struct bw_err err;

	(void)state;
	for (int i = 1; i <= STATE_HOPS_MAX; i++)
		snprintf(list + strlen(list), 32, "[%d,\"10.97.0.%d\",1,1,0],", i, i);
	lines = sample_edit(text, "\"hops\":[", list);
	sealed = sample_seal(lines);
	assert_int_equal(read_text(sealed, &kept, &err), BW_ERR_SYNTAX);
	assert_string_equal(err.field, "hops");
	free(sealed);
	free(lines);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_longest_line),
		cmocka_unit_test(test_impossible_values),
		cmocka_unit_test(test_too_many_hops),
	};

	return cmocka_run_group_tests_name("report/state_path", tests, NULL, NULL);
}
