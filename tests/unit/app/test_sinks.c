/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../report/samples.h"
#include "app/run/sinks.h"
#include "report/record/encode.h"

/* A sink that remembers what it was given. */
struct fake {
	char log[256]; /* a word for each call, shared by all sinks of a test */
	struct fake *shared;
	char letter;
	struct sink_stats stats;
	bool refuses;     /* loses its lines */
	const char *last; /* address of the last line */
	char line[RECORD_LINE_MAX];
	char type[16];
	bool urgent;
	struct bw_wall time;
	struct bw_mono deadline;
	const void *options;
	int reopens_with;
};

static void note(struct fake *fake, const char *what)
{
	struct fake *log = fake->shared;
	size_t used = strlen(log->log);

	snprintf(log->log + used, sizeof(log->log) - used, "%c:%s ", fake->letter, what);
}

static void fake_put(void *self, const struct sink_line *line)
{
	struct fake *fake = self;

	note(fake, "put");
	fake->last = line->text;
	assert_true(line->length < sizeof(fake->line));
	memcpy(fake->line, line->text, line->length);
	fake->line[line->length] = '\0';
	snprintf(fake->type, sizeof(fake->type), "%s", line->type);
	fake->urgent = line->urgent;
	fake->time = line->time;
	if (fake->refuses)
		fake->stats.lost[SINK_FAILED]++;
	else
		fake->stats.written++;
}

static void fake_flush(void *self, struct bw_mono until)
{
	struct fake *fake = self;

	note(fake, "flush");
	fake->deadline = until;
}

static int fake_reopen(void *self, const void *options, struct bw_err *err)
{
	struct fake *fake = self;

	note(fake, "reopen");
	fake->options = options;
	return fake->reopens_with ? bw_err_set(err, fake->reopens_with, "cannot") : 0;
}

static struct bw_mono fake_deadline(const void *self)
{
	return ((const struct fake *)self)->deadline;
}

static void fake_wake(void *self, struct bw_now now)
{
	struct fake *fake = self;

	note(fake, "wake");
	fake->deadline = bw_mono_add(now.mono, 100);
}

static void fake_stats(const void *self, struct sink_stats *ret_stats)
{
	*ret_stats = ((const struct fake *)self)->stats;
}

static bool fake_news(void *self, struct bw_err *ret_news)
{
	(void)self;
	(void)ret_news;
	return false;
}

static const char *fake_name(const void *self)
{
	(void)self;
	return "fake";
}

static void fake_free(void *self)
{
	note(self, "free");
}

static const struct sink_ops fake_ops = {
	.put = fake_put,
	.flush = fake_flush,
	.reopen = fake_reopen,
	.deadline = fake_deadline,
	.wake = fake_wake,
	.stats = fake_stats,
	.news = fake_news,
	.name = fake_name,
	.free = fake_free,
};

struct fixture {
	struct sinks *sinks;
	struct fake a, b;
};

/* Two sinks, a and b, as if of kinds 1 and 2. */
static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->a = (struct fake){.letter = 'a', .deadline = BW_NEVER};
	f->b = (struct fake){.letter = 'b', .deadline = BW_NEVER};
	f->a.shared = f->b.shared = &f->a;
	f->sinks = sinks_new();
	assert_int_equal(sinks_add(f->sinks, (struct sink){&fake_ops, &f->a}, 1), 0);
	assert_int_equal(sinks_add(f->sinks, (struct sink){&fake_ops, &f->b}, 2), 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	sinks_free(f->sinks);
	free(f);
	return 0;
}

static void put(struct fixture *f, const struct record *record)
{
	struct record_sink sink = sinks_record_sink(f->sinks);

	sink.put(sink.self, record);
}

static struct record event(void)
{
	struct record record = sample_vantage();

	record.type = RECORD_EVENT;
	record.event = (struct record_event){.target = "kp",
					     .scope = BW_SCOPE_TARGET,
					     .subject = "kp",
					     .from = BW_UP,
					     .to = BW_DARK,
					     .detected = sample_time(),
					     .latest = sample_time()};
	return record;
}

/* Both get the same bytes at the same place: the record was encoded once. */
static void test_encoded_once(void **state)
{
	struct fixture *f = *state;
	struct record record = sample_vantage();
	char wanted[RECORD_LINE_MAX];
	int length = record_encode(&record, wanted, sizeof(wanted));

	put(f, &record);
	assert_true(length > 0);
	assert_string_equal(f->a.line, wanted);
	assert_string_equal(f->b.line, wanted);
	assert_ptr_equal(f->a.last, f->b.last);
	assert_string_equal(f->a.type, "vantage");
	assert_false(f->a.urgent);
	assert_int_equal(f->a.time.ns, record.head.time.ns);
}

static void test_in_order(void **state)
{
	struct fixture *f = *state;
	struct record records[] = {sample_vantage(), event()};

	put(f, &records[0]);
	put(f, &records[1]);
	assert_string_equal(f->a.log, "a:put b:put a:put b:put ");
	assert_true(f->b.urgent);
	assert_string_equal(f->b.type, "event");
}

static void test_losses_are_counted(void **state)
{
	struct fixture *f = *state;
	char title[RECORD_LINE_MAX];
	struct record good = sample_vantage(), long_one;

	memset(title, 't', sizeof(title));
	title[sizeof(title) - 1] = '\0';
	long_one = sample_target("kp", title);
	f->b.refuses = true;
	put(f, &good);
	put(f, &long_one);
	assert_int_equal(sinks_stats(f->sinks, 0).written, 1);
	assert_int_equal(sinks_stats(f->sinks, 1).written, 0);
	assert_int_equal(sinks_stats(f->sinks, 1).lost[SINK_FAILED], 1);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(sinks_stats(f->sinks, i).lost[SINK_TOO_LONG], 1);
}

static void test_only_wanted_types(void **state)
{
	struct fixture *f = *state;
	struct conf_run_sink list[] = {{.type = 1}, {.type = 2}};
	struct conf_run conf = {.sinks = {list, 2}, .records = CONF_RUN_EVENT};
	struct record record = sample_vantage();

	assert_int_equal(sinks_reopen(f->sinks, &conf, NULL), 0);
	put(f, &record);
	record = event();
	put(f, &record);
	assert_int_equal(f->a.stats.written, 1);
	assert_int_equal(f->b.stats.written, 1);
}

/* Each gets the options of its kind, wherever they stand now; and never one of another kind. */
static void test_reopen(void **state)
{
	struct fixture *f = *state;
	struct conf_run_sink list[] = {{.type = 2}, {.type = 1}, {.type = 1}};
	struct conf_run conf = {.sinks = {list, 2}};
	struct bw_err err;

	assert_int_equal(sinks_reopen(f->sinks, &conf, &err), 0);
	assert_ptr_equal(f->a.options, &list[1]);
	assert_ptr_equal(f->b.options, &list[0]);
	f->a.reopens_with = BW_ERR_UNAVAILABLE;
	assert_int_equal(sinks_reopen(f->sinks, &conf, &err), BW_ERR_UNAVAILABLE);
	conf.sinks.count = 3;
	assert_int_equal(sinks_reopen(f->sinks, &conf, &err), BW_ERR_VALUE);
	conf.sinks.count = 1;
	assert_int_equal(sinks_reopen(f->sinks, &conf, &err), BW_ERR_VALUE);
	list[0].type = 1;
	conf.sinks.count = 2;
	assert_int_equal(sinks_reopen(f->sinks, &conf, &err), BW_ERR_VALUE);
	assert_string_equal(err.message, "sinks can only be added or taken away by a restart");
}

static void test_deadlines(void **state)
{
	struct fixture *f = *state;
	struct bw_now now = {{50}, {0}};

	assert_int_equal(sinks_deadline(f->sinks).ns, BW_NEVER.ns);
	f->a.deadline.ns = 60;
	f->b.deadline.ns = 50;
	assert_int_equal(sinks_deadline(f->sinks).ns, 50);
	sinks_wake(f->sinks, now);
	assert_string_equal(f->a.log, "b:wake ");
	assert_int_equal(sinks_deadline(f->sinks).ns, 60);
}

static void test_flush_has_an_end(void **state)
{
	struct fixture *f = *state;

	sinks_flush(f->sinks, (struct bw_mono){7});
	assert_string_equal(f->a.log, "a:flush b:flush ");
	assert_int_equal(f->a.deadline.ns, 7 + BW_S / 2);
	assert_int_equal(f->b.deadline.ns, 7 + BW_S / 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_encoded_once),      TEST(test_in_order), TEST(test_losses_are_counted),
		TEST(test_only_wanted_types), TEST(test_reopen),   TEST(test_deadlines),
		TEST(test_flush_has_an_end),
	};

	return cmocka_run_group_tests_name("app/sinks", tests, NULL, NULL);
}
