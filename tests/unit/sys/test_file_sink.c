/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../report/samples.h"
#include "report/record/encode.h"
#include "sys/sink/file_sink.h"
#include "sys/sink/sink_kinds.h"

#define READ_MAX (1 << 20)

struct fixture {
	char folder[32], path[64];
	struct sink sink; /* {0}: none */
	struct bw_err err;
	uint64_t seq;
	struct bw_wall time;
	char text[READ_MAX];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->folder, sizeof(f->folder), "/tmp/bw-sink-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/r.jsonl", f->folder);
	f->time = sample_time();
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[64];

	sink_free(&f->sink);
	snprintf(command, sizeof(command), "rm -rf %s", f->folder);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static struct conf_run_sink options_of(struct fixture *f)
{
	return (struct conf_run_sink){
		.path = f->path, .max_size = 1000000, .max_age_ns = 86400 * BW_S, .keep = 3};
}

static int open_sink(struct fixture *f, const struct conf_run_sink *options)
{
	sink_free(&f->sink);
	return file_sink_open(options, NULL, &f->sink, &f->err);
}

static void open_default(struct fixture *f)
{
	const struct conf_run_sink options = options_of(f);

	assert_int_equal(open_sink(f, &options), 0);
}

/* The next record, a millisecond after the last; all lines of a type are of the same length. */
static struct record next_record(struct fixture *f, enum record_type type)
{
	struct record record = sample_vantage();

	record.head.seq = 1000 + f->seq++;
	f->time.ns += BW_MS;
	record.head.time = f->time;
	if (type == RECORD_VANTAGE)
		return record;
	record.type = RECORD_EVENT;
	record.event = (struct record_event){
		.target = "kp", .scope = BW_SCOPE_TARGET, .subject = "kp", .from = BW_UP,
		.to = BW_DARK, .detected = f->time, .latest = f->time};
	return record;
}

static void put_type(struct fixture *f, enum record_type type, int count)
{
	for (int i = 0; i < count; i++) {
		struct record record = next_record(f, type);
		char text[RECORD_LINE_MAX];
		const struct sink_line line = {
			.text = text,
			.length = (size_t)record_encode(&record, text, sizeof(text)),
			.type = record_type_name(type),
			.urgent = type == RECORD_EVENT,
			.time = record.head.time,
		};

		sink_put(&f->sink, &line);
	}
}

static void put(struct fixture *f, int count)
{
	put_type(f, RECORD_VANTAGE, count);
}

static size_t line_length(struct fixture *f)
{
	struct record record = next_record(f, RECORD_VANTAGE);
	char line[RECORD_LINE_MAX];
	int length = record_encode(&record, line, sizeof(line));

	f->seq--;
	return (size_t)length;
}

static const char *name_of(struct fixture *f, const char *ending, char *buffer)
{
	snprintf(buffer, 96, "%s%s", f->path, ending);
	return buffer;
}

/* The content of PATH and ENDING, or NULL when there is no such file. */
static const char *content(struct fixture *f, const char *ending)
{
	char name[96];
	FILE *file = fopen(name_of(f, ending, name), "re");

	if (!file)
		return NULL;
	f->text[fread(f->text, 1, READ_MAX - 1, file)] = '\0';
	fclose(file);
	return f->text;
}

/* That the file has exactly COUNT whole lines, with seq FIRST, FIRST + 1 and so on. */
static void check_lines(struct fixture *f, const char *ending, unsigned first, unsigned count)
{
	const char *at = content(f, ending);

	assert_non_null(at);
	for (unsigned i = 0; i < count; i++) {
		const char *end = strchr(at, '\n'), *seq = strstr(at, "\"seq\":");

		assert_true(end && seq && seq < end && *at == '{' && end[-1] == '}');
		assert_int_equal(strtoul(seq + 6, NULL, 10), 1000 + first + i);
		at = end + 1;
	}
	assert_string_equal(at, "");
}

static void write_file(struct fixture *f, const char *ending, const char *text, size_t length)
{
	char name[96];
	FILE *file = fopen(name_of(f, ending, name), "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void check_no_news(struct fixture *f)
{
	assert_false(sink_news(&f->sink, &f->err));
}

static void check_works_again(struct fixture *f)
{
	assert_true(sink_news(&f->sink, &f->err));
	assert_memory_equal(f->err.message, "works again after: ", strlen("works again after: "));
	assert_string_equal(f->err.file, f->path);
}

static struct sink_stats stats_of(const struct fixture *f)
{
	struct sink_stats stats;

	sink_stats(&f->sink, &stats);
	return stats;
}

/* Returns the error that the sink says it has, or 0. */
static int flush(struct fixture *f)
{
	sink_flush(&f->sink, (struct bw_mono){0});
	if (!sink_news(&f->sink, &f->err) || strstr(f->err.message, "works again"))
		return 0;
	return f->err.code;
}

static void test_lines_are_appended(void **state)
{
	struct fixture *f = *state;

	open_default(f);
	put(f, 3);
	check_lines(f, "", 0, 3);
	assert_int_equal(stats_of(f).written, 3);
	open_default(f);
	put(f, 2);
	check_lines(f, "", 0, 5);
	assert_int_equal(flush(f), 0);
	assert_null(content(f, ".1"));
	assert_null(content(f, ".new"));
	check_no_news(f);
}

static void test_a_new_file_before_it_is_too_large(void **state)
{
	struct fixture *f = *state;
	struct conf_run_sink options = options_of(f);

	options.max_size = 5 * line_length(f);
	assert_int_equal(open_sink(f, &options), 0);
	put(f, 5);
	check_lines(f, "", 0, 5);
	assert_null(content(f, ".1"));
	put(f, 1);
	check_lines(f, ".1", 0, 5);
	check_lines(f, "", 5, 1);
	put(f, 22);
	check_lines(f, ".3", 10, 5);
	check_lines(f, ".2", 15, 5);
	check_lines(f, ".1", 20, 5);
	check_lines(f, "", 25, 3);
	assert_null(content(f, ".4"));
	assert_null(content(f, ".new"));
	assert_int_equal(stats_of(f).written, 28);
	/* One byte less, and the last line does not fit any more; the size holds over a restart. */
	options.max_size -= 1;
	assert_int_equal(open_sink(f, &options), 0);
	put(f, 2);
	check_lines(f, ".1", 25, 4);
	check_lines(f, "", 29, 1);
}

static void test_one_old_file(void **state)
{
	struct fixture *f = *state;
	struct conf_run_sink options = options_of(f);

	options.max_size = line_length(f);
	options.keep = 1;
	assert_int_equal(open_sink(f, &options), 0);
	put(f, 4);
	check_lines(f, "", 3, 1);
	check_lines(f, ".1", 2, 1);
	assert_null(content(f, ".2"));
}

static void test_a_new_file_when_it_is_old(void **state)
{
	struct fixture *f = *state;
	struct conf_run_sink options = options_of(f);

	options.max_age_ns = 3600 * BW_S;
	assert_int_equal(open_sink(f, &options), 0);
	put(f, 2);
	f->time.ns += 3600 * BW_S - 3 * BW_MS;
	put(f, 1);
	check_lines(f, "", 0, 3);
	put(f, 1);
	check_lines(f, ".1", 0, 3);
	check_lines(f, "", 3, 1);
	/* The age of a file is known after a restart: it stands in its first record. */
	f->time.ns += 3600 * BW_S - 2 * BW_MS;
	assert_int_equal(open_sink(f, &options), 0);
	put(f, 1);
	check_lines(f, "", 3, 2);
	put(f, 1);
	check_lines(f, ".1", 3, 2);
	/* A clock that was set back begins nothing. */
	f->time.ns -= 86400 * BW_S;
	put(f, 2);
	check_lines(f, "", 5, 3);
}

static void test_what_a_crash_has_cut_off(void **state)
{
	static const char whole[] = "{\"seq\":1000}\n", cut[] = "{\"seq\":1000}\n{\"seq\":10";
	struct fixture *f = *state;

	write_file(f, "", cut, strlen(cut));
	open_default(f);
	assert_string_equal(content(f, ""), whole);
	assert_int_equal(stats_of(f).lost[SINK_CUT_OFF], 1);
	f->seq = 1;
	put(f, 1);
	check_lines(f, "", 0, 2);
	sink_free(&f->sink);
	write_file(f, "", "{\"seq\"", 6);
	open_default(f);
	assert_string_equal(content(f, ""), "");
	assert_int_equal(stats_of(f).lost[SINK_CUT_OFF], 1);
}

static void test_no_file_of_records(void **state)
{
	static const char *const contents[] = {"root:x:0:0::/root:/bin/sh\n", "{}\nroot:x:0", "\n"};
	struct fixture *f = *state;
	const struct conf_run_sink options = options_of(f);

	for (int i = 0; i < 3; i++) {
		write_file(f, "", contents[i], strlen(contents[i]));
		assert_int_equal(open_sink(f, &options), BW_ERR_VALUE);
		assert_string_equal(content(f, ""), contents[i]);
		assert_string_equal(f->err.file, f->path);
		assert_string_equal(f->err.message,
				    "has something other than records in it; give another path");
	}
	/* No end of a line in sight. */
	memset(f->text, '{', RECORD_LINE_MAX + 1);
	write_file(f, "", f->text, RECORD_LINE_MAX + 1);
	assert_int_equal(open_sink(f, &options), BW_ERR_VALUE);
}

static void test_no_regular_file(void **state)
{
	struct fixture *f = *state;
	struct conf_run_sink options = options_of(f);

	assert_int_equal(mkfifo(f->path, 0600), 0);
	assert_int_equal(open_sink(f, &options), BW_ERR_VALUE);
	assert_string_equal(f->err.message, "must be a regular file");
	options.path = "/dev/null";
	assert_int_equal(open_sink(f, &options), BW_ERR_VALUE);
	options.path = f->folder;
	assert_int_equal(open_sink(f, &options), BW_ERR_UNAVAILABLE);
	assert_string_equal(f->err.message, "cannot open it: Is a directory");
	options.path = "/nowhere/r.jsonl";
	assert_int_equal(open_sink(f, &options), BW_ERR_UNAVAILABLE);
	assert_string_equal(f->err.file, "/nowhere/r.jsonl");
}

static void test_one_writer(void **state)
{
	struct fixture *f = *state;
	struct conf_run_sink options = options_of(f);
	struct sink other = {0};

	options.max_size = line_length(f);
	assert_int_equal(open_sink(f, &options), 0);
	assert_int_equal(file_sink_open(&options, NULL, &other, &f->err), BW_ERR_UNAVAILABLE);
	assert_string_equal(f->err.message, "another process writes it");
	/* A file that was begun later is as protected. */
	put(f, 2);
	assert_int_equal(file_sink_open(&options, NULL, &other, &f->err), BW_ERR_UNAVAILABLE);
	sink_free(&f->sink);
	assert_int_equal(file_sink_open(&options, NULL, &other, &f->err), 0);
	sink_free(&other);
}

/* No file may grow beyond SIZE bytes, as on a full disk; RLIM_INFINITY: as before. */
static void limit_files(rlim_t size)
{
	const struct rlimit limit = {size, RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_events_wait_for_room(void **state)
{
	struct fixture *f = *state;
	struct sink_stats counts;

	open_default(f);
	put(f, 2);
	limit_files(2 * line_length(f) + line_length(f) / 2);
	put(f, 3);
	put_type(f, RECORD_EVENT, 2);
	put(f, 1);
	limit_files(RLIM_INFINITY);
	check_lines(f, "", 0, 2);
	counts = stats_of(f);
	assert_int_equal(counts.written, 2);
	assert_int_equal(counts.waiting, 2);
	assert_int_equal(counts.lost[SINK_NO_SPACE], 4);
	assert_true(sink_news(&f->sink, &f->err));
	assert_int_equal(f->err.code, -EFBIG);
	assert_string_equal(f->err.message,
			    "cannot write records; events wait in memory: File too large");
	check_no_news(f);
	f->seq = 7;
	put(f, 1);
	/* What waited stands before what came later: seq 5 and 6, then 7. */
	f->text[0] = '\0';
	assert_non_null(content(f, ""));
	assert_non_null(strstr(f->text, "\"seq\":1005"));
	assert_true(strstr(f->text, "\"seq\":1005") < strstr(f->text, "\"seq\":1006"));
	assert_true(strstr(f->text, "\"seq\":1006") < strstr(f->text, "\"seq\":1007"));
	counts = stats_of(f);
	assert_int_equal(counts.waiting, 0);
	assert_int_equal(counts.written, 5);
	check_works_again(f);
	assert_non_null(strstr(f->err.message, "cannot write records"));
	assert_non_null(strstr(f->err.message, "; 4 records were lost"));
	check_no_news(f);
}

/* Every event is written, waits or is counted; half of what waits may find room. */
static void test_no_event_is_lost_silently(void **state)
{
	const int many = 2000;
	struct fixture *f = *state;
	struct sink_stats counts;
	char *lines;
	size_t found = 0;

	open_default(f);
	limit_files(100);
	put_type(f, RECORD_EVENT, many);
	counts = stats_of(f);
	assert_int_equal(counts.written, 0);
	assert_true(counts.waiting > 100);
	assert_true(counts.lost[SINK_NO_SPACE] > 100);
	assert_int_equal(counts.waiting + counts.lost[SINK_NO_SPACE], many);
	limit_files(20000);
	assert_int_equal(flush(f), -EFBIG);
	limit_files(RLIM_INFINITY);
	assert_true(stats_of(f).written > 10);
	assert_int_equal(stats_of(f).written + stats_of(f).waiting,
			 counts.waiting);
	assert_int_equal(flush(f), 0);
	assert_int_equal(stats_of(f).written, counts.waiting);
	assert_int_equal(stats_of(f).waiting, 0);
	lines = strdup(content(f, ""));
	for (char *at = lines; *at; at = strchr(at, '\n') + 1)
		found += strncmp(at, "{\"schema\"", 9) == 0;
	assert_int_equal(found, counts.waiting);
	free(lines);
	check_lines(f, "", 0, (unsigned)found);
}

/* Whatever stands in the way of a new file: nothing is lost, and it is tried again later. */
static void check_grows_on(struct fixture *f, const char *obstacle)
{
	struct conf_run_sink options = options_of(f);
	unsigned first = (unsigned)f->seq;
	char name[96];

	options.max_size = 2 * line_length(f);
	options.keep = 1;
	name_of(f, obstacle, name);
	assert_int_equal(mkdir(name, 0700), 0);
	assert_int_equal(open_sink(f, &options), 0);
	put(f, 10);
	check_lines(f, "", first, 10);
	assert_true(sink_news(&f->sink, &f->err));
	assert_non_null(strstr(f->err.message, "cannot begin a new file; the old one grows on: "));
	check_no_news(f);
	assert_int_equal(rmdir(name), 0);
	put(f, 1);
	check_lines(f, "", first, 11);
	f->time.ns += 60 * BW_S;
	put(f, 1);
	check_lines(f, ".1", first, 11);
	check_lines(f, "", first + 11, 1);
	check_works_again(f);
	assert_null(content(f, ".new"));
}

static void test_no_new_file(void **state)
{
	check_grows_on(*state, ".new");
}

/* A link that somebody has put at PATH.new is removed, and what it points to is not written. */
static void test_a_planted_link_is_not_followed(void **state)
{
	struct fixture *f = *state;
	struct conf_run_sink options = options_of(f);
	char victim[160], new_path[160];

	snprintf(victim, sizeof(victim), "%s.victim", options.path);
	snprintf(new_path, sizeof(new_path), "%s.new", options.path);
	options.max_size = 5 * line_length(f);
	assert_int_equal(open_sink(f, &options), 0);
	assert_int_equal(symlink(victim, new_path), 0);
	put(f, 7);
	check_lines(f, ".1", 0, 5);
	check_lines(f, "", 5, 2);
	assert_int_equal(access(victim, F_OK), -1);
	check_no_news(f);
}

static void test_no_place_for_the_old_file(void **state)
{
	check_grows_on(*state, ".1");
}

static void test_reopen(void **state)
{
	struct fixture *f = *state;
	struct conf_run_sink options = options_of(f);
	char name[96], other[96];

	open_default(f);
	put(f, 2);
	assert_int_equal(sink_reopen(&f->sink, &options, &f->err), 0);
	put(f, 1);
	check_lines(f, "", 0, 3);
	/* Moved away by somebody else: until the signal it is written on. */
	assert_int_equal(rename(f->path, name_of(f, ".moved", name)), 0);
	put(f, 1);
	assert_int_equal(sink_reopen(&f->sink, &options, &f->err), 0);
	put(f, 1);
	check_lines(f, ".moved", 0, 4);
	check_lines(f, "", 4, 1);
	/* To a place that does not work: all stays as it was. */
	options.path = "/nowhere/r.jsonl";
	options.max_size = 1;
	assert_int_equal(sink_reopen(&f->sink, &options, &f->err), BW_ERR_UNAVAILABLE);
	put(f, 1);
	check_lines(f, "", 4, 2);
	/* And to one that does, with other limits. */
	options.path = name_of(f, ".other", other);
	assert_int_equal(sink_reopen(&f->sink, &options, &f->err), 0);
	put(f, 2);
	check_lines(f, ".other", 7, 1);
	check_lines(f, ".other.1", 6, 1);
}

/* Shortened by somebody else, it is not filled up with zeros. */
static void test_shortened_from_outside(void **state)
{
	struct fixture *f = *state;

	open_default(f);
	put(f, 3);
	assert_int_equal(truncate(f->path, 0), 0);
	limit_files(10);
	put(f, 1);
	limit_files(RLIM_INFINITY);
	put(f, 1);
	check_lines(f, "", 4, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_lines_are_appended),
		TEST(test_a_new_file_before_it_is_too_large),
		TEST(test_one_old_file),
		TEST(test_a_new_file_when_it_is_old),
		TEST(test_what_a_crash_has_cut_off),
		TEST(test_no_file_of_records),
		TEST(test_no_regular_file),
		TEST(test_one_writer),
		TEST(test_events_wait_for_room),
		TEST(test_no_event_is_lost_silently),
		TEST(test_no_new_file),
		TEST(test_a_planted_link_is_not_followed),
		TEST(test_no_place_for_the_old_file),
		TEST(test_reopen),
		TEST(test_shortened_from_outside),
	};

	return cmocka_run_group_tests_name("sys/file_sink", tests, NULL, NULL);
}
