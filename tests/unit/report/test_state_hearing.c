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

/* What only a program that is wrong can have written: the checksum fits. */
static const struct {
	const char *from, *to;
	int code, line;
	const char *field;
} impossible[] = {
	{"\"late\":0.875", "\"late\":1.5", BW_ERR_VALUE, 2, "late"},
	{",\"late\":0.875", "", BW_ERR_VALUE, 2, "late"},
	{"\"answers\":120,", "", BW_ERR_SYNTAX, 2, ""},
	{"\"longest_ns\":300000000000}", "\"longest_ns\":300000000000000}", BW_ERR_VALUE, 2,
	 "hearing.longest_ns"},
	{"\"silent_ns\":3", "\"silent_ns\":99993", BW_ERR_VALUE, 3, "hearing.silent_ns"},
	{"\"nats\":2.25", "\"nats\":-2.25", BW_ERR_VALUE, 3, "hearing.nats"},
	{"\"heard_half_hours\":28", "\"heard_half_hours\":2800", BW_ERR_VALUE, 3,
	 "hearing.heard_half_hours"},
	{"\"silent_half_hours\":4095", "\"silent_half_hours\":281474976710656", BW_ERR_VALUE, 3,
	 "hearing.silent_half_hours"},
	{"\"silent_half_hours\":4095", "\"silent_half_hours\":-1", BW_ERR_SYNTAX, 3,
	 "hearing.silent_half_hours"},
	{"\"late\":0.625", "\"late\":1.5", BW_ERR_VALUE, 4, "late"},
	{"\"late_ns\":2", "\"late_ns\":400000002", BW_ERR_VALUE, 4, "late_ns"},
	{"\"answers\":24,", "", BW_ERR_SYNTAX, 4, "lateness"},
	{"\"answers\":24,\"late\":0.625,\"late_ns\":21000000000", "", BW_ERR_SYNTAX, 4, "lateness"},
};

/* With FROM of the sample replaced by TO. */
static int read_edited(const char *from, const char *to, struct bw_err *err)
{
	const struct state_handlers handlers = {.self = NULL};
	char *text = sample_state(), *lines = sample_edit(text, from, to);
	char *sealed = sample_seal(lines);
	int result = state_read(sealed, strlen(sealed), "state.jsonl", &handlers, err);

	free(sealed);
	free(lines);
	free(text);
	return result;
}

static void test_impossible_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
		struct bw_err err = {0};
		int result = read_edited(impossible[i].from, impossible[i].to, &err);

		if (result != impossible[i].code || err.line != impossible[i].line ||
		    strcmp(err.field, impossible[i].field) != 0)
			fail_msg("%s: %d, line %d, field %s: %s", impossible[i].to, result,
				 err.line, err.field, err.message);
	}
}

/* As an older program of the same version wrote it. */
static void test_what_was_not_learned_is_left_out(void **state)
{
	struct bw_err err;

	(void)state;
	assert_int_equal(read_edited(",\"heard_half_hours\":281474959933440", "", &err), 0);
	assert_int_equal(read_edited(",\"silent_half_hours\":4095", "", &err), 0);
	assert_int_equal(read_edited(",\"late_ns\":21000000000", "", &err), 0);
	assert_int_equal(read_edited("\"lateness\":{\"answers\":24,\"late\":0.625,"
				     "\"late_ns\":21000000000},",
				     "", &err),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_impossible_values),
		cmocka_unit_test(test_what_was_not_learned_is_left_out),
	};

	return cmocka_run_group_tests_name("report/state_hearing", tests, NULL, NULL);
}
