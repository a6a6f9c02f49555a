/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures against files in tests/golden/report. With BW_GOLDEN_WRITE set, it writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/timeline/picture_calendar.h"
#include "report/timeline/picture_timeline.h"

#define MINUTE (60 * BW_S)
#define HOUR (60 * MINUTE)
#define HOSTILE "<b>\"&'\xe2\x80\xae</b>"

static int64_t at(const char *text)
{
	struct bw_wall time;

	assert_int_equal(bw_wall_parse(text, &time), 0);
	return time.ns;
}

static int32_t pyongyang(const void *arg, int64_t t_ns)
{
	(void)arg;
	(void)t_ns;
	return 9 * 3600;
}
static const struct local_clock korea = {pyongyang, NULL, "Asia/Pyongyang"};

static void golden_path(const char *name, char path[1024])
{
	assert_non_null(getenv("BW_SOURCE_ROOT"));
	snprintf(path, 1024, "%s/tests/golden/report/%s", getenv("BW_SOURCE_ROOT"), name);
}

static void write_golden(const char *name, const char *text)
{
	char path[1024];
	FILE *file;

	golden_path(name, path);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	fclose(file);
}

static char *read_golden(const char *name)
{
	static char text[1 << 20];
	char path[1024];
	FILE *file;

	golden_path(name, path);
	file = fopen(path, "re");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return text;
}

static void expect(struct markup *markup, const char *name)
{
	size_t length;
	char *text = markup_take(markup, &length);

	assert_non_null(text);
	if (getenv("BW_GOLDEN_WRITE"))
		write_golden(name, text);
	assert_string_equal(text, read_golden(name));
	free(text);
}

/* The story of December 2014: up, flapping, dark; a gap and an unknown before. */
static void tell(struct band *band, int64_t from_ns, int64_t until_ns)
{
	band_init(band, from_ns, until_ns);
	assert_int_equal(band_add(band, 0, BAND_NO_DATA), 0);
	assert_int_equal(band_add(band, at("2014-12-21T02:00:00Z"), BW_UNKNOWN), 0);
	assert_int_equal(band_add(band, at("2014-12-21T03:00:00Z"), BW_UP), 0);
	assert_int_equal(band_add(band, at("2014-12-21T08:00:00Z"), BW_FLAPPING), 0);
	assert_int_equal(band_add(band, at("2014-12-22T16:15:00Z"), BW_DARK), 0);
	assert_int_equal(band_add(band, at("2014-12-23T01:46:00Z"), BW_UP), 0);
	assert_int_equal(band_add(band, at("2014-12-23T09:00:00Z"), BW_PARTLY_DARK), 0);
}

static void draw_timeline(const struct local_clock *clock, const char *style, const char *name)
{
	const int64_t from = at("2014-12-21T00:00:00Z"), until = at("2014-12-23T12:00:00Z");
	static struct share share;
	struct picture_row rows[] = {
		{.label = strdup("kp" HOSTILE),
		 .note = strdup("partly-dark"),
		 .scope = BW_SCOPE_TARGET},
		{.label = strdup("198.18.0.0/24"), .note = strdup("up"), .scope = BW_SCOPE_NETWORK},
	};
	struct markup out = {.failed = false};
	struct picture picture = {.out = &out, .id = "t", .style = style};
	const struct picture_timeline timeline = {
		.title = "North Korea" HOSTILE,
		.description = "Two rows.",
		.clock = clock,
		.from_ns = from,
		.until_ns = until,
		.share = &share,
		.rows = rows,
		.count = 2,
	};

	share = (struct share){.from_ns = from, .until_ns = until};
	for (int n = 0; n < 2; n++) {
		tell(&rows[n].band, from, until);
		share_add(&share, &rows[n].band);
	}
	picture.height = picture_timeline_height(&timeline);
	picture_timeline(&picture, &timeline);
	expect(&out, name);
	for (int n = 0; n < 2; n++)
		picture_row_fini(&rows[n]);
}

static void test_a_timeline_in_a_page(void **state)
{
	(void)state;
	draw_timeline(&korea, NULL, "timeline-part.svg");
}

static void test_a_timeline_alone(void **state)
{
	const struct local_clock utc = local_clock_utc();

	(void)state;
	draw_timeline(&utc, ".picture{}", "timeline-alone.svg");
}

static void draw_calendar(const struct local_clock *clock, struct markup *out)
{
	struct band band;
	struct calendar calendar;
	struct picture picture = {.out = out, .id = "c", .style = ".picture{}"};
	const struct picture_calendar of = {"North Korea" HOSTILE, "Four days.", clock, &calendar};

	tell(&band, at("2014-12-20T15:00:00Z"), at("2014-12-23T16:00:00Z"));
	assert_int_equal(calendar_make(&calendar, clock, &band), 0);
	picture.height = picture_calendar_height(&calendar);
	picture_calendar(&picture, &of);
	calendar_fini(&calendar);
	band_fini(&band);
}

static void test_a_calendar(void **state)
{
	struct markup out = {.failed = false};

	(void)state;
	draw_calendar(&korea, &out);
	expect(&out, "calendar-alone.svg");
}

/* Where no zone is known the tips say UTC, as the axis does. */
static void test_a_calendar_in_utc(void **state)
{
	const struct local_clock utc = local_clock_utc();
	struct markup out = {.failed = false};
	size_t length;
	char *text;

	(void)state;
	draw_calendar(&utc, &out);
	text = markup_take(&out, &length);
	assert_non_null(text);
	assert_non_null(strstr(text, "<title>dark: 16:15 to 24:00 UTC</title>"));
	assert_non_null(strstr(text, ">hours, UTC</text>"));
	assert_null(strstr(text, "local time"));
	free(text);
}

/* As the tables beside the picture: rounded down, in whole minutes from five minutes on. */
static void test_the_length_in_a_tip(void **state)
{
	char tip[PICTURE_TIP];

	(void)state;
	picture_tip(BW_DARK, 0, 9 * HOUR + 32 * MINUTE - 1, tip);
	assert_string_equal(tip, "dark: 1 Jan 1970 00:00 to 1 Jan 1970 09:31 UTC, 9 h 31 min");
	picture_tip(BW_DARK, 0, 6 * MINUTE + 43 * BW_S, tip);
	assert_string_equal(tip, "dark: 1 Jan 1970 00:00 to 1 Jan 1970 00:06 UTC, 6 min");
	picture_tip(BW_DARK, 0, 4 * MINUTE + 43 * BW_S + 900 * BW_MS, tip);
	assert_string_equal(tip, "dark: 1 Jan 1970 00:00 to 1 Jan 1970 00:04 UTC, 4 min 43 s");
}

static unsigned count(const char *text, const char *what)
{
	unsigned found = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		found++;
	return found;
}

/* How many parts the picture of a single band has. Frees the band. */
static unsigned parts_drawn(struct band band)
{
	struct picture_row row = {.label = strdup("x"),
				  .note = strdup(""),
				  .scope = BW_SCOPE_BLOCK,
				  .band = band};
	struct markup out = {.failed = false};
	struct picture picture = {.out = &out, .id = "t"};
	const struct local_clock utc = local_clock_utc();
	const struct picture_timeline timeline = {.title = "x",
						  .description = "x",
						  .clock = &utc,
						  .until_ns = band.until_ns,
						  .rows = &row,
						  .count = 1};
	size_t length;
	unsigned parts;
	char *text;

	picture_timeline(&picture, &timeline);
	text = markup_take(&out, &length);
	assert_non_null(text);
	parts = count(text, "<rect x=");
	free(text);
	picture_row_fini(&row);
	return parts;
}

/* A year in which it was dark for a minute each hour: the row is drawn in columns. */
static void test_a_row_of_many_parts_is_bounded(void **state)
{
	const int64_t until = 365 * 24 * HOUR;
	struct band band;
	unsigned parts;

	(void)state;
	band_init(&band, 0, until);
	for (int64_t t = 0; t < until; t += HOUR) {
		assert_int_equal(band_add(&band, t, BW_UP), 0);
		if (t / HOUR % 48 == 0)
			assert_int_equal(band_add(&band, t + MINUTE, BW_DARK), 0);
	}
	parts = parts_drawn(band);
	assert_true(parts > 300 && parts < 650);
}

static void test_an_empty_band_draws_nothing(void **state)
{
	struct band band;

	(void)state;
	band_init(&band, 0, BW_S);
	assert_int_equal(parts_drawn(band), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_timeline_in_a_page),
		cmocka_unit_test(test_a_timeline_alone),
		cmocka_unit_test(test_a_calendar),
		cmocka_unit_test(test_a_calendar_in_utc),
		cmocka_unit_test(test_the_length_in_a_tip),
		cmocka_unit_test(test_a_row_of_many_parts_is_bounded),
		cmocka_unit_test(test_an_empty_band_draws_nothing),
	};

	return cmocka_run_group_tests_name("report/picture", tests, NULL, NULL);
}
