/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ship/delivery/backoff.h"
#include "ship/delivery/window.h"
#include "ship/read/cursor.h"
#include "ship/read/resume.h"
#include "ship/read/sound.h"

#define LINE(boot, seq)                                                               \
	SHIP_LINE_MARK "block\",\"vantage\":\"v\",\"boot\":\"" boot "\",\"seq\":" seq \
		       ",\"time\":\"2026-11-30T00:00:00.000000Z\"}\n"

static struct cursor_found find(const char *text, size_t length)
{
	struct cursor_found found;

	cursor_next(text, length, &found);
	return found;
}

static void test_cursor(void **state)
{
	static const char two[] = LINE("b", "1") LINE("b", "2");
	static const char torn[] = "{\"schema\":\"blockwa" LINE("b", "2");
	static const char zeros[] = "\0\0\0\0" LINE("b", "2");
	struct cursor_found found = find(two, sizeof(two) - 1);

	(void)state;
	assert_int_equal(found.kind, CURSOR_LINE);
	assert_int_equal(found.line.seq, 1);
	assert_int_equal(found.length, strlen(LINE("b", "1")));
	assert_int_equal(find(two, found.length - 1).kind, CURSOR_MORE);
	assert_int_equal(find("", 0).kind, CURSOR_MORE);
	/* A torn line is cut where the next record begins, as zeros are. */
	found = find(torn, sizeof(torn) - 1);
	assert_int_equal(found.kind, CURSOR_DAMAGED);
	assert_int_equal(found.length, sizeof(torn) - 1 - strlen(LINE("b", "2")));
	found = find(zeros, sizeof(zeros) - 1);
	assert_int_equal(found.kind, CURSOR_DAMAGED);
	assert_int_equal(found.length, 4);
	found = find("garbage\n" LINE("b", "2"), 20);
	assert_int_equal(found.kind, CURSOR_DAMAGED);
	assert_int_equal(found.length, 8);
}

static void test_endless_line(void **state)
{
	char *zeros = calloc(1, 2 * CURSOR_LINE_MAX);
	struct cursor_found found;

	(void)state;
	assert_non_null(zeros);
	assert_int_equal(find(zeros, CURSOR_LINE_MAX - 1).kind, CURSOR_MORE);
	found = find(zeros, 2 * CURSOR_LINE_MAX);
	assert_int_equal(found.kind, CURSOR_DAMAGED);
	assert_int_equal(found.length, CURSOR_LINE_MAX);
	free(zeros);
}

static uint64_t resume(const struct position_place *place, const char *const *lines)
{
	struct resume resume;
	uint64_t end = 0;

	resume_init(&resume, place);
	for (; *lines; lines++) {
		struct cursor_found found = find(*lines, strlen(*lines));

		end += found.length;
		resume_line(&resume, &found.line, end);
	}
	return resume_offset(&resume);
}

static void test_resume(void **state)
{
	static const char *const lines[] = {LINE("a", "7"), LINE("a", "9"), LINE("b", "1"),
					    LINE("b", "4"), NULL};
	const struct position_place dropped = {"a", 8, 1, 0}, last = {"b", 4, 1, 0},
				    before = {"b", 0, 1, 0}, stranger = {"c", 5, 1, 0};
	size_t length = strlen(lines[0]);

	(void)state;
	assert_int_equal(resume(&dropped, lines), length);
	assert_int_equal(resume(&last, lines), 4 * length);
	assert_int_equal(resume(&before, lines), 0);
	assert_int_equal(resume(&stranger, lines), 0);
}

static void test_sound(void **state)
{
	static const char *const good[] = {
		"{}",
		"{\"a\":1}",
		"{\"a\":[1,-2.5e+3,true,false,null,\"x\\u00e9\\n\"],\"b\":{}}",
		"{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"}",
		"{\"a\":0.5}",
		"{\"a\":[]}"};
	static const char *const bad[] = {"",
					  "1",
					  "[]",
					  "{",
					  "}",
					  "{}x",
					  "{}{}",
					  "{\"a\":01}",
					  "{\"a\":1.}",
					  "{\"a\":}",
					  "{\"a\" :1}",
					  "{\"a\":1,}",
					  "{\"a\":\"\x01\"}",
					  "{\"a\":\"\\x\"}",
					  "{\"a\":\"\xc3\"}",
					  "{\"a\":\"\xed\xa0\x80\"}",
					  "{\"a\":\"\xc0\x80\"}",
					  "{\"a\":tru}",
					  "{\"a\":\"\\u12g4\"}",
					  "{a:1}",
					  "{\"a\":1e}",
					  "{\"a\":--1}",
					  "{\"a\":\"}",
					  "{1:2}",
					  "{\"a\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(sound_is_object(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(sound_is_object(bad[i], strlen(bad[i])));
	assert_false(sound_is_object("{\"a\":\"\0\"}", 9));
}

static void test_backoff(void **state)
{
	struct rng rng = rng_of(3);
	struct backoff backoff = {0};
	int64_t most = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		int64_t wait = backoff_fail(&backoff, 0, &rng);

		assert_true(wait > 0 && wait <= BACKOFF_MOST_NS);
		if (i < 3)
			assert_true(wait <= BACKOFF_FIRST_NS << i);
		most = wait > most ? wait : most;
	}
	assert_true(most > BACKOFF_MOST_NS / 2);
	backoff_reset(&backoff);
	assert_true(backoff_fail(&backoff, 0, &rng) <= BACKOFF_FIRST_NS);
	for (int i = 0; i < 100; i++) { /* Retry-After is a floor, with jitter above it */
		int64_t wait = backoff_fail(&(struct backoff){0}, 100 * BW_S, &rng);

		assert_true(wait > 100 * BW_S && wait <= 125 * BW_S);
	}
}

static void test_window(void **state)
{
	struct window window;
	struct window_mark mark = {.place = {"b", 0, 1, 0}, .sequence = WINDOW_NO_SEQUENCE}, passed;
	struct bw_mono now = {0};

	(void)state;
	window_init(&window, 600 * BW_S);
	assert_false(window_pass(&window, now, &passed));
	/* A mark a second for an hour: what has passed is ten minutes old, and little more. */
	for (mark.place.seq = 1; mark.place.seq <= 3600; mark.place.seq++) {
		now.ns += BW_S;
		mark.at = now;
		window_add(&window, &mark);
		if (!window_pass(&window, now, &passed))
			continue;
		assert_true(mark.place.seq - passed.place.seq >= 600);
		assert_true(mark.place.seq - passed.place.seq <= 640);
	}
	assert_true(window_pass(&window, bw_mono_add(now, 600 * BW_S), &passed));
	assert_int_equal(passed.place.seq, 3600);
	assert_int_equal(window_deadline(&window).ns, BW_NEVER.ns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cursor),  cmocka_unit_test(test_endless_line),
		cmocka_unit_test(test_resume),  cmocka_unit_test(test_sound),
		cmocka_unit_test(test_backoff), cmocka_unit_test(test_window),
	};
	return cmocka_run_group_tests_name("ship/read", tests, NULL, NULL);
}
