/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "conf/run/run_files.h"

/* Files in a folder of their own, whose name has wildcards in it. */
struct fixture {
	char top[32], folder[64], path[128], text[1024];
	struct conf_run conf;
	struct bw_err err;
};

static const char *path_of(struct fixture *f, const char *name)
{
	snprintf(f->path, sizeof(f->path), "%s/%s", f->folder, name);
	return f->path;
}

static void put(struct fixture *f, const char *name, const char *text)
{
	FILE *file = fopen(path_of(f, name), "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->top, sizeof(f->top), "/tmp/bw-conf-XXXXXX");
	assert_non_null(mkdtemp(f->top));
	snprintf(f->folder, sizeof(f->folder), "%s/a[b]*?", f->top);
	assert_int_equal(mkdir(f->folder, 0700), 0);
	assert_int_equal(mkdir(path_of(f, "conf.d"), 0700), 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[64];

	conf_run_fini(&f->conf);
	snprintf(command, sizeof(command), "rm -rf %s", f->top);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static int read_conf(struct fixture *f)
{
	int code;

	conf_run_fini(&f->conf);
	code = conf_run_read(path_of(f, "main.json"), &f->conf, &f->err);
	if (code < 0)
		bw_err_format(&f->err, f->text, sizeof(f->text));
	return code;
}

/* What the message says, with the name of the folder taken away. */
static void check_refused(struct fixture *f, int code, const char *wanted)
{
	char clean[1024] = "";
	const char *from;

	assert_int_equal(read_conf(f), code);
	for (from = f->text; *from;) {
		size_t used = strlen(clean);

		if (strncmp(from, f->folder, strlen(f->folder)) == 0)
			from += strlen(f->folder) + 1;
		else
			snprintf(clean + used, sizeof(clean) - used, "%c", *from++);
	}
	assert_string_equal(clean, wanted);
}

static void test_lists_grow_and_the_later_wins(void **state)
{
	struct fixture *f = *state;
	char wanted[128];

	put(f, "main.json",
	    "{\"include\": [\"conf.d/*.json\"], \"vantage\": \"v\", \"round\": \"10s\","
	    " \"confirm\": \"2s\", \"targets\": [\"a\"], \"records\": [\"block\"]}");
	put(f, "conf.d/20.json",
	    "{\"round\": \"30s\", \"targets\": [\"c\"], \"records\": \"event\"}");
	put(f, "conf.d/10.json", "# drop-in\n{\"round\": \"20s\", \"targets\": [\"x/b.json\"]}");
	put(f, "conf.d/30.json~", "no JSON");
	put(f, "conf.d/.40.json", "no JSON");
	assert_int_equal(read_conf(f), 0);
	assert_int_equal(f->conf.round_ns, 30 * BW_S);
	assert_int_equal(f->conf.confirm_ns, 2 * BW_S);
	assert_int_equal(f->conf.records, CONF_RUN_EVENT);
	assert_int_equal(f->conf.targets.count, 3);
	assert_string_equal(f->conf.targets.list[0].target, "a");
	snprintf(wanted, sizeof(wanted), "%s/conf.d/x/b.json", f->folder);
	assert_string_equal(f->conf.targets.list[1].target, wanted);
	assert_int_equal(f->conf.targets.list[1].place.line, 2);
	assert_string_equal(f->conf.targets.list[2].target, "c");
	/* A target of an earlier file has the round that holds in the end. */
	assert_int_equal(f->conf.targets.list[0].round_ns, 30 * BW_S);
	assert_int_equal(f->conf.files.count, 3);
	assert_string_equal(f->conf.files.list[0].text, path_of(f, "main.json"));
	assert_string_equal(f->conf.files.list[2].text, path_of(f, "conf.d/20.json"));
}

static void test_required_keys_may_stand_elsewhere(void **state)
{
	struct fixture *f = *state;

	put(f, "main.json", "{\"include\": \"conf.d/a.json\"}");
	put(f, "conf.d/a.json", "{\"include\": \"b.json\", \"vantage\": \"v\"}");
	put(f, "conf.d/b.json", "{\"targets\": [\"kp\"]}");
	assert_int_equal(read_conf(f), 0);
	assert_string_equal(f->conf.vantage, "v");
	put(f, "conf.d/b.json", "{}");
	check_refused(f, BW_ERR_VALUE,
		      "main.json:1:1: targets: missing: write it, as in \"targets\": [\"kp\"]");
}

static void test_absolute_includes(void **state)
{
	struct fixture *f = *state;
	char text[256];

	put(f, "other.json", "{\"targets\": [\"kp\"]}");
	snprintf(text, sizeof(text), "{\"vantage\": \"v\", \"include\": \"%s/*/other.json\"}",
		 f->top);
	put(f, "main.json", text);
	assert_int_equal(read_conf(f), 0);
	assert_int_equal(f->conf.targets.count, 1);
}

static void test_patterns_may_match_nothing_but_files_must_be_there(void **state)
{
	struct fixture *f = *state;

	put(f, "main.json",
	    "{\"vantage\": \"v\", \"targets\": [\"kp\"], \"include\": \"conf.d/*\"}");
	assert_int_equal(read_conf(f), 0);
	put(f, "main.json", "{\"vantage\": \"v\", \"targets\": [\"kp\"], \"include\": \"none/*\"}");
	assert_int_equal(read_conf(f), 0);
	put(f, "main.json", "{\"vantage\": \"v\",\n \"include\": [\"conf.d/*\", \"a.json\"]}");
	check_refused(f, BW_ERR_MISSING,
		      "main.json:2:26: include[1]: a.json: cannot open it: No such "
		      "file or directory");
	assert_int_equal(mkdir(path_of(f, "conf.d/sub"), 0700), 0);
	check_refused(f, BW_ERR_MISSING,
		      "main.json:2:14: include[0]: conf.d/sub: cannot read it: Is a directory");
}

static void test_main_file(void **state)
{
	struct fixture *f = *state;

	check_refused(f, BW_ERR_MISSING, "main.json: cannot open it: No such file or directory");
	assert_int_equal(mkdir(path_of(f, "main.json"), 0700), 0);
	check_refused(f, BW_ERR_MISSING, "main.json: cannot read it: Is a directory");
}

static void test_errors_name_the_included_file(void **state)
{
	struct fixture *f = *state;

	put(f, "main.json",
	    "{\"vantage\": \"v\", \"targets\": [\"kp\"],\n \"include\": \"conf.d/*\"}");
	put(f, "conf.d/a.json", "{\n\"rate\": 0}");
	check_refused(f, BW_ERR_VALUE,
		      "conf.d/a.json:2:9: rate: 0 is out of range: 0.1 to 10000000 "
		      "packets a second (included by main.json, line 2)");
	put(f, "conf.d/a.json", "{\n\"rate\": }");
	assert_int_equal(read_conf(f), BW_ERR_SYNTAX);
	assert_string_equal(f->err.file, path_of(f, "conf.d/a.json"));
	assert_int_equal(f->err.line, 2);
	put(f, "conf.d/a.json", "{\"targets\": [\"kp\"]}");
	check_refused(f, BW_ERR_OVERLAP,
		      "conf.d/a.json:1:14: targets[0]: 'kp' is given twice, first "
		      "in main.json, line 1 (included by main.json, line 2)");
}

/* The last file that spoke of flapping is the one to look into. */
static void test_keys_that_go_together_are_judged_at_the_end(void **state)
{
	struct fixture *f = *state;

	put(f, "main.json", "{\"vantage\": \"v\", \"targets\": [\"kp\"], \"include\": \"conf.d/*\","
			    " \"flapping\": {\"leave\": 4}}");
	put(f, "conf.d/a.json", "{\"flapping\": {\"enter\": 6}}");
	assert_int_equal(read_conf(f), 0);
	put(f, "conf.d/a.json", "{\"flapping\":\n {\"enter\": 3}}");
	check_refused(f, BW_ERR_VALUE,
		      "conf.d/a.json:2:2: flapping: \"leave\" must be less than \"enter\"");
}

static void test_circles(void **state)
{
	static const char self[] = " was read already: it may be included once, and not by itself";
	struct fixture *f = *state;
	char wanted[160];

	put(f, "main.json", "{\"include\": \"*.json\"}");
	snprintf(wanted, sizeof(wanted), "main.json:1:13: include: main.json:%s", self);
	check_refused(f, BW_ERR_OVERLAP, wanted);
	put(f, "main.json", "{\"include\": \"conf.d/a.json\"}");
	put(f, "conf.d/a.json", "{\"include\": \"../main.json\"}");
	snprintf(wanted, sizeof(wanted),
		 "conf.d/a.json:1:13: include: conf.d/../main.json:%s (included "
		 "by main.json, line 1)",
		 self);
	check_refused(f, BW_ERR_OVERLAP, wanted);
	/* Under another name it is the same file. */
	put(f, "main.json", "{\"include\": [\"conf.d/b.json\", \"conf.d/c.json\"]}");
	put(f, "conf.d/b.json", "{}");
	assert_int_equal(symlink("b.json", path_of(f, "conf.d/c.json")), 0);
	snprintf(wanted, sizeof(wanted), "main.json:1:31: include[1]: conf.d/c.json:%s", self);
	check_refused(f, BW_ERR_OVERLAP, wanted);
}

static void test_depth(void **state)
{
	struct fixture *f = *state;
	char name[32], text[128];

	put(f, "main.json", "{\"vantage\": \"v\", \"targets\": [\"kp\"], \"include\": \"2.json\"}");
	for (int i = 2; i <= RUN_FILES_DEPTH; i++) {
		snprintf(name, sizeof(name), "%d.json", i);
		snprintf(text, sizeof(text), "{\"include\": \"%d.json\"}", i + 1);
		put(f, name, i < RUN_FILES_DEPTH ? text : "{}");
	}
	assert_int_equal(read_conf(f), 0);
	put(f, "8.json", "{\"include\": \"9.json\"}");
	assert_int_equal(read_conf(f), BW_ERR_LIMIT);
	assert_non_null(strstr(f->text,
			       "8.json:1:13: include: files include each other more than 8 "
			       "deep"));
}

static void test_count(void **state)
{
	struct fixture *f = *state;
	char name[32];

	put(f, "main.json",
	    "{\"vantage\": \"v\", \"targets\": [\"kp\"], \"include\": \"conf.d/*\"}");
	for (int i = 1; i < RUN_FILES_MAX; i++) {
		snprintf(name, sizeof(name), "conf.d/%03d.json", i);
		put(f, name, "{}");
	}
	assert_int_equal(read_conf(f), 0);
	assert_int_equal(f->conf.files.count, RUN_FILES_MAX);
	put(f, "conf.d/999.json", "{}");
	assert_int_equal(read_conf(f), BW_ERR_LIMIT);
	assert_non_null(strstr(f->text, "conf.d/999.json: is one file too many: the limit is 256"));
}

static void test_include_is_text(void **state)
{
	struct fixture *f = *state;

	put(f, "main.json", "{\"include\": 7}");
	check_refused(f, BW_ERR_VALUE,
		      "main.json:1:13: include: must be a path or a list of paths, not a number");
	put(f, "main.json", "{\"include\": [\"\"]}");
	check_refused(f, BW_ERR_VALUE,
		      "main.json:1:14: include[0]: must not be empty: leave it out");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_lists_grow_and_the_later_wins),
		TEST(test_required_keys_may_stand_elsewhere),
		TEST(test_absolute_includes),
		TEST(test_patterns_may_match_nothing_but_files_must_be_there),
		TEST(test_main_file),
		TEST(test_errors_name_the_included_file),
		TEST(test_keys_that_go_together_are_judged_at_the_end),
		TEST(test_circles),
		TEST(test_depth),
		TEST(test_count),
		TEST(test_include_is_text),
	};

	return cmocka_run_group_tests_name("conf/run_files", tests, NULL, NULL);
}
