/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions and boots in a store, over whichever database any_store.h names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "any_store.h"

/* Whatever a peer may put into a name or a title. */
#define ODD "a'b\"c\\d\te\nf;DROP TABLE claim;--<b>%s\xc3\xa9\xe5\x8c\x97"

struct setting {
	struct any_store any;
	const struct store_ops *ops;
	void *self;
	struct bw_err err;
	char *text; /* rows that were read */
	size_t length;
	FILE *out;
};

static void open_again(struct setting *setting)
{
	setting->ops = setting->any.store.ops;
	setting->self = setting->any.store.self;
}

static int make(void **state)
{
	struct setting *setting = calloc(1, sizeof(*setting));

	assert_non_null(setting);
	any_store_make(&setting->any);
	open_again(setting);
	setting->out = open_memstream(&setting->text, &setting->length);
	*state = setting;
	return 0;
}

static int end(void **state)
{
	struct setting *setting = *state;

	any_store_remove(&setting->any);
	fclose(setting->out);
	free(setting->text);
	free(setting);
	return 0;
}

static void begin(struct setting *setting)
{
	assert_int_equal(setting->ops->begin(setting->self, &setting->err), 0);
}

static void commit(struct setting *setting)
{
	if (setting->ops->commit(setting->self, &setting->err) < 0)
		fail_msg("%s", setting->err.message);
}

/* What was printed since the last call. */
static const char *printed(struct setting *setting)
{
	static char text[8192];

	fclose(setting->out);
	snprintf(text, sizeof(text), "%s", setting->text);
	free(setting->text);
	setting->out = open_memstream(&setting->text, &setting->length);
	return text;
}

static struct bw_prefix prefix_of(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

static int print_conditions(void *arg, const struct store_conditions *row)
{
	char block[BW_PREFIX_TEXT];

	fprintf(arg, "%s %s %s %u %" PRId64 "\n", row->vantage, row->target,
		bw_prefix_format(&row->block, block), row->conditions, row->said_ns);
	return 0;
}

static void put_conditions(struct setting *setting, unsigned conditions, int64_t said)
{
	const struct store_conditions row = {"fra1", ODD, prefix_of("2001:db8:1::/48"), said,
					     conditions};

	assert_int_equal(setting->ops->put_conditions(setting->self, &row, &setting->err), 0);
}

static void test_conditions_that_were_said_last(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;

	begin(setting);
	put_conditions(setting, 5, 8000000);
	put_conditions(setting, 1, 9000000);
	commit(setting);
	begin(setting);
	put_conditions(setting, 2, 7000000);
	commit(setting);
	begin(setting);
	put_conditions(setting, 4, 10000000);
	ops->rollback(setting->self);
	assert_int_equal(ops->each_conditions(setting->self, print_conditions, setting->out,
					      &setting->err),
			 0);
	assert_string_equal(printed(setting), "fra1 " ODD " 2001:db8:1::/48 1 9000000\n");
}

static int print_boot(void *arg, const struct store_boot *row)
{
	fprintf(arg, "%s %s %" PRId64 " %" PRId64 "\n", row->vantage, row->boot, row->first_ns,
		row->last_ns);
	return 0;
}

static void put_boot(struct setting *setting, const char *boot, int64_t first, int64_t last)
{
	const struct store_boot row = {"fra1", boot, first, last};

	assert_int_equal(setting->ops->put_boot(setting->self, &row, &setting->err), 0);
}

static void test_when_boots_were_heard_of(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;

	begin(setting);
	put_boot(setting, "b1", 1, 20);
	put_boot(setting, ODD, 5, 30);
	put_boot(setting, "b1", 1, 40);
	commit(setting);
	assert_int_equal(ops->each_boot(setting->self, print_boot, setting->out, &setting->err), 0);
	assert_string_equal(printed(setting), "fra1 b1 1 40\nfra1 " ODD " 5 30\n");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, make, end)
	const struct CMUnitTest tests[] = {
		TEST(test_conditions_that_were_said_last),
		TEST(test_when_boots_were_heard_of),
	};

	return cmocka_run_group_tests_name("sys/store_conditions", tests, NULL, NULL);
}
