/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "sys/bus/link_state.h"

static struct link_state state;
static int changes;

static void changed(void *self)
{
	(void)self;
	changes++;
}

static int setup(void **unused)
{
	(void)unused;
	changes = 0;
	link_state_init(&state, changed, NULL);
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	link_state_fini(&state);
	return 0;
}

/* A look that began when BREAKS was so finds a stream that was made at CREATED. */
static bool look(int64_t created, unsigned breaks)
{
	struct nats_link_news news = {.state = NATS_LINK_READY, .created = created};

	snprintf(news.peer, sizeof(news.peer), "%d-%u", (int)created,
		 link_state_losses(&state, created, 100));
	return link_state_ready(&state, &news, breaks);
}

static void confirm(int64_t created, uint64_t sequence)
{
	const struct confirmation confirmation = {.created = created, .sequence = sequence};

	link_state_confirm(&state, &confirmation);
}

static struct nats_link_news get(void)
{
	struct nats_link_news news;

	link_state_get(&state, &news);
	return news;
}

static void test_a_look_that_was_overtaken(void **unused)
{
	const unsigned breaks = link_state_breaks(&state);

	(void)unused;
	link_state_break(&state, "the connection is lost");
	assert_false(look(7, breaks));
	assert_int_equal(get().state, NATS_LINK_FAILED);
	assert_true(look(7, link_state_breaks(&state)));
	assert_int_equal(get().state, NATS_LINK_READY);
	assert_int_equal(changes, 2);
}

static void test_confirmations_are_of_one_stream(void **unused)
{
	(void)unused;
	assert_true(look(7, 0));
	confirm(6, 50);
	assert_int_equal(get().confirmed, 0);
	confirm(7, 40);
	confirm(7, 30); /* another collector is behind */
	assert_int_equal(get().confirmed, 40);
	link_state_fail(&state, "no answer");
	assert_int_equal(get().confirmed, 0);
	assert_true(look(7, 0));
	assert_int_equal(get().confirmed, 40);
}

/* The stream has fewer messages than it has acknowledged: it is another one. */
static void test_a_stream_that_has_lost_something(void **unused)
{
	(void)unused;
	assert_true(look(7, 0));
	assert_string_equal(get().peer, "7-0");
	link_state_note(&state, 100);
	confirm(7, 90);
	assert_true(look(7, 0));
	assert_string_equal(get().peer, "7-0");
	link_state_note(&state, 101);
	assert_true(look(7, 0));
	assert_string_equal(get().peer, "7-1");
	assert_int_equal(get().confirmed, 0);
	assert_true(look(7, 0));
	assert_string_equal(get().peer, "7-1");
	link_state_lose(&state, "lost");
	assert_int_equal(get().state, NATS_LINK_FAILED);
	assert_true(look(7, link_state_breaks(&state)));
	assert_string_equal(get().peer, "7-2");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_look_that_was_overtaken),
		TEST(test_confirmations_are_of_one_stream),
		TEST(test_a_stream_that_has_lost_something),
	};

	return cmocka_run_group_tests_name("sys/link_state", tests, NULL, NULL);
}
