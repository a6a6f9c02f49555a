/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SYS_STORE_SETTING_H
#define TESTS_UNIT_SYS_STORE_SETTING_H

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

#define PRINTED_MAX 65536

/* A store under test, and what was printed of the rows that were read from it. */
struct setting {
	struct any_store any;
	const struct store_ops *ops; /* of the store, as the next */
	void *self;
	struct bw_err err;
	char *text;
	size_t length;
	FILE *out;
};

static inline void open_again(struct setting *setting)
{
	setting->ops = setting->any.store.ops;
	setting->self = setting->any.store.self;
}

static inline void setting_init(struct setting *setting)
{
	any_store_make(&setting->any);
	open_again(setting);
	setting->out = open_memstream(&setting->text, &setting->length);
}

static inline void setting_fini(struct setting *setting)
{
	any_store_remove(&setting->any);
	fclose(setting->out);
	free(setting->text);
}

static inline int make(void **state)
{
	struct setting *setting = calloc(1, sizeof(*setting));

	assert_non_null(setting);
	setting_init(setting);
	*state = setting;
	return 0;
}

static inline int end(void **state)
{
	setting_fini(*state);
	free(*state);
	return 0;
}

static inline void begin(struct setting *setting)
{
	assert_int_equal(setting->ops->begin(setting->self, &setting->err), 0);
}

static inline void commit(struct setting *setting)
{
	if (setting->ops->commit(setting->self, &setting->err) < 0)
		fail_msg("%s", setting->err.message);
}

/* What was printed since the last call. */
static inline const char *printed(struct setting *setting)
{
	static char text[PRINTED_MAX];

	fclose(setting->out);
	snprintf(text, sizeof(text), "%s", setting->text);
	free(setting->text);
	setting->out = open_memstream(&setting->text, &setting->length);
	return text;
}

static inline struct bw_prefix prefix_of(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

#endif
