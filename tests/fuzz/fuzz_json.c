/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fast parser of JSON accepts, jansson accepts, and with the same values: keys, texts,
 * numbers to the last bit, and the order of all.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "json/fast.h"
#include "json/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct document_form form = {.max = FAST_TEXT_MAX, .wide = true};

static void check_same_text(const char *a, const char *b)
{
	assert(!a == !b);
	assert(!a || strcmp(a, b) == 0);
	(void)a;
	(void)b;
}

static void check_same(const struct node *a, const struct node *b)
{
	struct node x = {0}, y = {0};
	uint64_t m = 0, n = 0;

	assert(strcmp(node_type_text(a), node_type_text(b)) == 0);
	assert(node_count(a) == node_count(b));
	assert(node_number(a) == node_number(b));
	assert(signbit(node_number(a)) == signbit(node_number(b)));
	assert(node_unsigned(a, &m) == node_unsigned(b, &n) && m == n);
	assert(node_bool(a) == node_bool(b));
	check_same_text(node_text(a), node_text(b));
	while (node_next(a, &x)) {
		bool more = node_next(b, &y);
		struct node found = a->tree.fast->key || x.key ? node_member(a, x.key ? x.key : "")
							       : node_element(a, x.index);

		assert(more);
		check_same_text(x.key, y.key);
		assert(!x.key || found.tree.fast == x.tree.fast);
		check_same(&x, &y);
		(void)more;
		(void)found;
	}
	assert(!node_next(b, &y) || node_count(a) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document fast = {0}, slow = {0};
	struct fast memory = {0};
	struct node a, b;

	if (document_parse_fast(&fast, &form, &memory, (const char *)data, size) == 0) {
		int code = document_parse(&slow, &form, (const char *)data, size);

		assert(code == 0);
		a = node_root(&fast);
		b = node_root(&slow);
		check_same(&a, &b);
		document_fini(&slow);
		(void)code;
	}
	document_fini(&fast);
	fast_fini(&memory);
	return 0;
}
