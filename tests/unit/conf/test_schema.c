/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "conf/run/run.h"

/*
 * The schema that ships is the one that the table gives. When the table has changed:
 *
 *     BUILD/tests/unit/print_config schema > src/conf/config.schema.json
 */
static char *read_shipped(void)
{
	const char *root = getenv("BW_SOURCE_ROOT");
	char path[4096], *text = calloc(1, 1 << 20);
	FILE *file;

	snprintf(path, sizeof(path), "%s/src/conf/config.schema.json", root ? root : ".");
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	return text;
}

static void test_shipped_schema_is_that_of_the_table(void **state)
{
	char *shipped = read_shipped(), *made = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&made, &size);

	(void)state;
	assert_int_equal(conf_run_print_schema(out), 0);
	fclose(out);
	assert_string_equal(made, shipped);
	free(made);
	free(shipped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped_schema_is_that_of_the_table),
	};

	return cmocka_run_group_tests_name("conf/schema", tests, NULL, NULL);
}
