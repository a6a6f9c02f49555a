/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/pending.h"

#define LISTEN_NS (60 * BW_S)
#define PATIENCE_US (3 * BW_S / BW_US)

static struct bw_mono ms(int64_t milliseconds)
{
	return (struct bw_mono){milliseconds * BW_MS};
}

static struct pending_entry *add(struct pending *pending, uint32_t subject, uint32_t brief)
{
	struct probe probe = {.subject = subject};
	struct token token = {.brief = brief};

	return pending_add(pending, &probe, &token);
}

static void test_patience_then_listening(void **state)
{
	struct pending *pending = pending_new(4, LISTEN_NS, ms(0));
	struct pending_entry *entry = add(pending, 7, 99);

	(void)state;
	pending_sent(pending, entry, ms(10), PATIENCE_US);
	assert_null(pending_expire(pending, ms(3009)));
	assert_ptr_equal(pending_expire(pending, ms(3012)), entry);
	assert_int_equal(entry->state, PENDING_OVERDUE);
	assert_null(pending_expire(pending, ms(60000)));
	assert_ptr_equal(pending_find(pending, 99, NULL), entry);
	assert_null(pending_expire(pending, ms(60012)));
	assert_null(pending_find(pending, 99, NULL));
	pending_free(pending);
}

static void test_settled_is_not_reported_but_remembered(void **state)
{
	struct pending *pending = pending_new(4, LISTEN_NS, ms(0));
	struct pending_entry *entry = add(pending, 7, 99);

	(void)state;
	pending_sent(pending, entry, ms(10), PATIENCE_US);
	pending_settle(pending, entry, PENDING_ANSWERED);
	assert_null(pending_expire(pending, ms(59000)));
	assert_ptr_equal(pending_find(pending, 99, NULL), entry);
	assert_null(pending_expire(pending, ms(60012)));
	assert_null(pending_find(pending, 99, NULL));
	pending_free(pending);
}

static void test_limit_and_reuse(void **state)
{
	struct pending *pending = pending_new(3, LISTEN_NS, ms(0));
	struct pending_entry *entries[3];

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		pending_sent(pending, entries[i] = add(pending, i, i), ms(0), PATIENCE_US);
	assert_null(add(pending, 9, 9));
	while (pending_expire(pending, ms(3001)))
		continue;
	assert_null(add(pending, 9, 9));
	assert_null(pending_expire(pending, ms(60001)));
	for (unsigned i = 0; i < 3; i++)
		assert_non_null(entries[i] = add(pending, i, i));
	pending_drop(pending, entries[1]);
	assert_ptr_equal(add(pending, 9, 9), entries[1]);
	pending_free(pending);
}

static void test_a_probe_comes_back_as_it_was(void **state)
{
	const char *const addresses[] = {"198.18.3.77", "2001:db8:1:2:3:4:5:678"};
	struct pending *pending = pending_new(4, LISTEN_NS, ms(0));

	(void)state;
	for (unsigned n = 0; n < 2; n++) {
		struct token token = {.brief = n, .source_port = n ? TOKEN_PORT_LAST : 0};
		struct probe probe = {
			.subject = 70000 + n,
			.host = UINT16_MAX,
			.method = {n ? BW_PROTOCOL_TCP : BW_PROTOCOL_ICMP, n ? 65535 : 0},
			.client = PROBE_OF_SENTINEL,
			.tag = 23,
			.egress = BW_EGRESS_MAX - 1,
		};
		struct pending_entry *entry;
		struct probe kept;

		assert_int_equal(bw_addr_parse(addresses[n], &probe.dst), 0);
		entry = pending_add(pending, &probe, &token);
		kept = pending_probe(pending, entry);
		assert_true(bw_addr_equal(&kept.dst, &probe.dst));
		assert_true(bw_method_equal(kept.method, probe.method));
		assert_int_equal(kept.subject, probe.subject);
		assert_int_equal(kept.host, probe.host);
		assert_int_equal(kept.client, probe.client);
		assert_int_equal(kept.tag, probe.tag);
		assert_int_equal(kept.egress, probe.egress);
		assert_int_equal(pending_source_port(entry), token.source_port);
	}
	pending_free(pending);
}

/* Tokens that fall into one chain, taken out in every order. */
static void test_chains(void **state)
{
	struct pending *pending = pending_new(64, LISTEN_NS, ms(0));

	(void)state;
	for (uint32_t i = 0; i < 20; i++)
		pending_sent(pending, add(pending, i, 5 + 64 * (i / 2)), ms(i * 7 % 20),
			     PATIENCE_US);
	for (uint32_t i = 0; i < 10; i++) {
		struct pending_entry *first = pending_find(pending, 5 + 64 * i, NULL);
		struct pending_entry *second = pending_find(pending, 5 + 64 * i, first);

		assert_non_null(second);
		assert_null(pending_find(pending, 5 + 64 * i, second));
		assert_int_equal(first->subject / 2, i);
		assert_int_equal(second->subject / 2, i);
	}
	assert_null(pending_find(pending, 6, NULL));
	/* One was sent in each millisecond from 0 to 19; listening ends a tick late at most. */
	for (int64_t t = 0; t < 22; t++) {
		int64_t left = 0;

		while (pending_expire(pending, ms(60000 + t)))
			continue;
		for (uint32_t i = 0; i < 10; i++)
			for (struct pending_entry *e = NULL;
			     (e = pending_find(pending, 5 + 64 * i, e));)
				left++;
		assert_true(left <= (t < 20 ? 20 - t : 0));
		assert_true(left >= (t < 19 ? 19 - t : 0));
	}
	pending_free(pending);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patience_then_listening),
		cmocka_unit_test(test_settled_is_not_reported_but_remembered),
		cmocka_unit_test(test_a_probe_comes_back_as_it_was),
		cmocka_unit_test(test_limit_and_reuse),
		cmocka_unit_test(test_chains),
	};

	return cmocka_run_group_tests_name("probe/pending", tests, NULL, NULL);
}
