/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/state/state_write.h"
#include "sys/disk/state_file.h"

/* A folder of its own for each test; DIRECTORY in it is not there yet. */
struct place {
	char parent[64], directory[96], path[128], fresh[160], aside[160];
};

#define NOON ((struct bw_wall){INT64_C(1795262400) * BW_S + 5})
#define ASIDE "state.jsonl.damaged-20261121T120000Z"

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	snprintf(place->parent, sizeof(place->parent), "/tmp/bw-state-XXXXXX");
	assert_non_null(mkdtemp(place->parent));
	snprintf(place->directory, sizeof(place->directory), "%s/kept", place->parent);
	snprintf(place->path, sizeof(place->path), "%s/state.jsonl", place->directory);
	snprintf(place->fresh, sizeof(place->fresh), "%s.new", place->path);
	snprintf(place->aside, sizeof(place->aside), "%s/" ASIDE, place->directory);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	char second[200];

	snprintf(second, sizeof(second), "%s-2", place->aside);
	unlink(place->path);
	unlink(place->fresh);
	unlink(place->aside);
	unlink(second);
	rmdir(place->directory);
	assert_int_equal(rmdir(place->parent), 0);
	free(place);
	return 0;
}

static struct state_file *open_place(const struct place *place)
{
	struct state_file *file;
	struct bw_err err;

	if (state_file_open(place->directory, &file, &err) != 0)
		fail_msg("%s: %s", err.file, err.message);
	return file;
}

/* An empty state of the start number BOOTS. */
static int write_state(FILE *out, uint32_t boots, struct bw_err *err)
{
	const struct state_head head = {"v", "0.1.0", boots, NOON, 0, 0};
	struct state_writer writer;

	state_writer_begin(&writer, out, &head, err);
	return state_writer_end(&writer);
}

static int save(struct state_file *file, uint32_t boots, struct bw_err *err)
{
	FILE *out;
	int result = state_file_begin(file, &out, err);

	return result ? result : state_file_commit(file, write_state(out, boots, err), err);
}

static int take_boots(void *self, const struct state_head *head)
{
	*(uint32_t *)self = head->boots;
	return 0;
}

static int load(struct state_file *file, uint32_t *boots, struct bw_err *err)
{
	const struct state_handlers handlers = {.head = take_boots, .self = boots};

	*boots = 0;
	return state_file_load(file, &handlers, NOON, err);
}

static void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & (S_IFMT | 07777);
}

static void test_saved_and_loaded(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	struct bw_err err;
	uint32_t boots;

	assert_int_equal(load(file, &boots, &err), 0);
	assert_int_equal(save(file, 7, &err), 0);
	assert_int_equal(load(file, &boots, &err), 1);
	assert_int_equal(boots, 7);
	assert_int_equal(save(file, 8, &err), 0);
	state_file_close(file);
	file = open_place(place);
	assert_int_equal(load(file, &boots, &err), 1);
	assert_int_equal(boots, 8);
	assert_int_equal(access(place->fresh, F_OK), -1);
	state_file_close(file);
}

static void test_permissions(void **state)
{
	const struct place *place = *state;
	const mode_t before = umask(0);
	struct state_file *file = open_place(place);

	assert_int_equal(mode_of(place->directory), S_IFDIR | 0700);
	assert_int_equal(save(file, 1, NULL), 0);
	assert_int_equal(mode_of(place->path), S_IFREG | 0600);
	umask(0777);
	assert_int_equal(save(file, 1, NULL), 0);
	assert_int_equal(mode_of(place->path), S_IFREG | 0600);
	umask(before);
	state_file_close(file);
}

static void test_no_parent(void **state)
{
	const struct place *place = *state;
	struct state_file *file = NULL;
	char deep[160];
	struct bw_err err;

	snprintf(deep, sizeof(deep), "%s/deeper", place->directory);
	assert_int_equal(state_file_open(deep, &file, &err), -ENOENT);
	assert_string_equal(err.file, deep);
	assert_non_null(strstr(err.message, "the folder around it must be there"));
	assert_int_equal(access(place->directory, F_OK), -1);
}

static void test_no_folder(void **state)
{
	const struct place *place = *state;
	struct state_file *file = NULL;
	struct bw_err err;

	put_file(place->directory, "");
	assert_int_equal(state_file_open(place->directory, &file, &err), -ENOTDIR);
	assert_string_equal(err.file, place->directory);
	unlink(place->directory);
}

/* A run that was killed while it saved. */
static void test_leftover(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	uint32_t boots;

	assert_int_equal(save(file, 3, NULL), 0);
	state_file_close(file);
	put_file(place->fresh, "{\"schema\":");
	file = open_place(place);
	assert_int_equal(state_file_lock(file, NULL), 0);
	assert_int_equal(access(place->fresh, F_OK), -1);
	assert_int_equal(load(file, &boots, NULL), 1);
	assert_int_equal(boots, 3);
	state_file_close(file);
}

/* Somebody laid a link where the new file is to be. */
static void test_link_is_not_followed(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	char victim[160];

	snprintf(victim, sizeof(victim), "%s/victim", place->parent);
	put_file(victim, "precious");
	assert_int_equal(symlink(victim, place->fresh), 0);
	assert_int_equal(save(file, 1, NULL), 0);
	assert_int_equal(mode_of(place->path), S_IFREG | 0600);
	assert_int_equal(mode_of(victim) & S_IFMT, S_IFREG);
	unlink(place->path);
	assert_int_equal(unlink(victim), 0);
	state_file_close(file);
}

static void test_damaged_is_set_aside(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	uint32_t boots;
	char second[200];
	struct bw_err err;

	put_file(place->path, "{\"schema\":\"blockwatch/state/1\",\"vant");
	assert_int_equal(load(file, &boots, &err), BW_ERR_SYNTAX);
	assert_string_equal(err.file, place->path);
	assert_int_equal(err.line, 1);
	assert_string_equal(err.message, "damaged: the last line is cut; set aside as " ASIDE
					 ", what was learned is lost");
	assert_int_equal(access(place->aside, F_OK), 0);
	assert_int_equal(load(file, &boots, &err), 0);
	put_file(place->path, "{\"schema\":\"blockwatch/state/9\"}\n");
	assert_int_equal(load(file, &boots, &err), BW_ERR_VALUE);
	assert_string_equal(err.field, "schema");
	snprintf(second, sizeof(second), "%s-2", place->aside);
	assert_int_equal(access(second, F_OK), 0);
	assert_int_equal(access(place->path, F_OK), -1);
	assert_int_equal(save(file, 2, NULL), 0);
	assert_int_equal(load(file, &boots, NULL), 1);
	state_file_close(file);
}

static int refuse_head(void *self, const struct state_head *head)
{
	(void)head;
	return *(int *)self;
}

/* A handler decides: of no use, or not now. */
static void test_handler_refuses(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	int answer = -ENOMEM;
	const struct state_handlers handlers = {.head = refuse_head, .self = &answer};
	struct bw_err err;

	assert_int_equal(save(file, 1, NULL), 0);
	assert_int_equal(state_file_load(file, &handlers, NOON, &err), -ENOMEM);
	assert_string_equal(err.file, place->path);
	assert_int_equal(access(place->path, F_OK), 0);
	answer = BW_ERR_VALUE;
	assert_int_equal(state_file_load(file, &handlers, NOON, NULL), BW_ERR_VALUE);
	assert_int_equal(access(place->aside, F_OK), 0);
	state_file_close(file);
}

/* What is no file is neither read (a pipe would hang) nor moved. */
static void test_not_a_file(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	uint32_t boots;
	struct bw_err err;

	assert_int_equal(mkfifo(place->path, 0600), 0);
	assert_int_equal(load(file, &boots, &err), -EINVAL);
	assert_string_equal(err.file, place->path);
	assert_int_equal(mode_of(place->path), S_IFIFO | 0600);
	state_file_close(file);
}

/* A state is only loaded up to a limit, and a larger one not destroyed. */
static void test_too_large(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	uint32_t boots;
	struct bw_err err;

	put_file(place->path, "");
	assert_int_equal(truncate(place->path, STATE_FILE_MAX + 1), 0);
	assert_int_equal(load(file, &boots, &err), BW_ERR_LIMIT);
	assert_int_equal(access(place->path, F_OK), 0);
	state_file_close(file);
}

/* The system takes no more bytes: at the last flush, and in the middle of writing. */
static void test_no_room(void **state)
{
	const struct place *place = *state;
	const struct rlimit none = {20, RLIM_INFINITY};
	struct state_file *file = open_place(place);
	struct rlimit before;
	struct bw_err err;
	uint32_t boots;
	FILE *out;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(save(file, 4, NULL), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(save(file, 5, &err), -EFBIG);
	assert_string_equal(err.file, place->path);
	assert_string_equal(err.message,
			    "cannot save the state, the former one stays: File too large");
	assert_int_equal(state_file_begin(file, &out, &err), 0);
	setvbuf(out, NULL, _IONBF, 0);
	assert_int_equal(state_file_commit(file, write_state(out, 5, &err), &err), -EFBIG);
	assert_non_null(strstr(err.message, "the former one stays: cannot write: File too large"));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(access(place->fresh, F_OK), -1);
	assert_int_equal(load(file, &boots, NULL), 1);
	assert_int_equal(boots, 4);
	assert_int_equal(save(file, 6, NULL), 0);
	state_file_close(file);
}

/* Closed, or begun again, in the middle: as if nothing had been. */
static void test_not_committed(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	uint32_t boots;
	FILE *out;

	assert_int_equal(save(file, 4, NULL), 0);
	assert_int_equal(state_file_begin(file, &out, NULL), 0);
	fputs("half", out);
	assert_int_equal(state_file_begin(file, &out, NULL), 0);
	fputs("half", out);
	state_file_close(file);
	assert_int_equal(access(place->fresh, F_OK), -1);
	file = open_place(place);
	assert_int_equal(load(file, &boots, NULL), 1);
	assert_int_equal(boots, 4);
	state_file_close(file);
	state_file_close(NULL);
}

/* The folder goes away while we run. */
static void test_folder_removed(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	struct bw_err err;

	assert_int_equal(rmdir(place->directory), 0);
	assert_int_equal(save(file, 1, &err), -ENOENT);
	assert_string_equal(err.file, place->path);
	state_file_close(file);
}

/* Two processes on one state would overwrite each other; flock() tells two opens apart. */
static void test_second_is_refused(void **state)
{
	const struct place *place = *state;
	struct state_file *first = open_place(place), *second = open_place(place);
	uint32_t boots;
	struct bw_err err;

	assert_int_equal(state_file_lock(first, &err), 0);
	assert_int_equal(save(first, 7, NULL), 0);
	put_file(place->fresh, "of the first");
	assert_int_equal(state_file_lock(second, &err), BW_ERR_UNAVAILABLE);
	assert_string_equal(err.file, place->path);
	assert_non_null(strstr(err.message, "another process"));
	assert_int_equal(access(place->fresh, F_OK), 0);
	assert_int_equal(load(second, &boots, &err), 1);
	assert_int_equal(boots, 7);
	state_file_close(first);
	assert_int_equal(state_file_lock(second, &err), 0);
	state_file_close(second);
}

static int peek(const struct place *place, bool own, uint32_t *boots, struct bw_err *err)
{
	const struct state_handlers handlers = {.head = take_boots, .self = boots};

	*boots = 0;
	return state_file_peek(place->directory, own, &handlers, err);
}

/* While another process holds the lock, and without any change. */
static void test_peeked(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	uint32_t boots;
	struct bw_err err;

	assert_int_equal(state_file_lock(file, &err), 0);
	assert_int_equal(peek(place, true, &boots, &err), 0);
	assert_int_equal(save(file, 5, &err), 0);
	assert_int_equal(peek(place, true, &boots, &err), 1);
	assert_int_equal(boots, 5);
	put_file(place->path, "damaged");
	assert_int_equal(peek(place, false, &boots, &err), BW_ERR_SYNTAX);
	assert_string_equal(err.file, place->path);
	assert_int_equal(mode_of(place->path), S_IFREG | 0600);
	assert_int_equal(access(place->aside, F_OK), -1);
	state_file_close(file);
}

static void test_peeked_where_no_folder_is(void **state)
{
	const struct place *place = *state;
	uint32_t boots;
	struct bw_err err;

	assert_int_equal(peek(place, false, &boots, &err), 0);
	assert_int_equal(access(place->directory, F_OK), -1);
}

/* What others could have planted is not believed. */
static void test_only_our_own(void **state)
{
	const struct place *place = *state;
	struct state_file *file = open_place(place);
	uint32_t boots;
	struct bw_err err;

	assert_int_equal(save(file, 5, &err), 0);
	assert_int_equal(state_file_check_own(file, &err), 0);
	assert_int_equal(chmod(place->path, 0620), 0);
	assert_int_equal(peek(place, true, &boots, &err), -EPERM);
	assert_int_equal(peek(place, false, &boots, &err), 1);
	assert_int_equal(chmod(place->path, 0600), 0);
	assert_int_equal(chmod(place->directory, 0777), 0);
	assert_int_equal(peek(place, true, &boots, &err), -EPERM);
	assert_int_equal(state_file_check_own(file, &err), -EPERM);
	assert_int_equal(unlink(place->path), 0);
	assert_int_equal(symlink("/dev/null", place->path), 0);
	assert_int_equal(peek(place, false, &boots, &err), -ELOOP);
	state_file_close(file);
}

static void test_a_lock_that_is_free_is_had(void **state)
{
	struct state_file *file = open_place(*state), *other = open_place(*state);
	struct bw_err err;

	assert_int_equal(state_file_lock_soon(file, &err), 0);
	assert_int_equal(state_file_lock(other, &err), BW_ERR_UNAVAILABLE);
	state_file_close(file);
	assert_int_equal(state_file_lock_soon(other, &err), 0);
	state_file_close(other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_saved_and_loaded),
		TEST(test_permissions),
		TEST(test_no_parent),
		TEST(test_no_folder),
		TEST(test_leftover),
		TEST(test_second_is_refused),
		TEST(test_link_is_not_followed),
		TEST(test_damaged_is_set_aside),
		TEST(test_handler_refuses),
		TEST(test_not_a_file),
		TEST(test_too_large),
		TEST(test_no_room),
		TEST(test_not_committed),
		TEST(test_folder_removed),
		TEST(test_peeked),
		TEST(test_peeked_where_no_folder_is),
		TEST(test_only_our_own),
		TEST(test_a_lock_that_is_free_is_had),
	};

	return cmocka_run_group_tests_name("sys/state_file", tests, NULL, NULL);
}
