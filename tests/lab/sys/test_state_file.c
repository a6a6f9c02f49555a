/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state file where disks are full, read-only or go away, on small file
 * systems in a mount namespace of its own. Root; else skipped (77).
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/state/state_write.h"
#include "sys/disk/state_file.h"

#define NOON ((struct bw_wall){INT64_C(1795262400) * BW_S})
#define MANY 5000 /* blocks of a state that is too large for the disk: 500 kB */
#define NOBODY 65534

static char mountpoint[] = "/tmp/bw-state-lab-XXXXXX";
static char directory[64], path[96];

static int mount_disk(const char *options)
{
	if (mount("tmpfs", mountpoint, "tmpfs", MS_NOSUID | MS_NODEV, options) != 0)
		return -1;
	snprintf(directory, sizeof(directory), "%s/state", mountpoint);
	snprintf(path, sizeof(path), "%s/state.jsonl", directory);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return mount_disk("size=256k");
}

static int teardown(void **state)
{
	(void)state;
	return umount(mountpoint);
}

static int write_state(FILE *out, uint32_t boots, uint32_t blocks, struct bw_err *err)
{
	const struct state_head head = {"v", "0.1.0", boots, NOON, blocks, 0};
	struct state_block block = {
		.target = "kp", .since = NOON, .block = {{4, {10}}, 24}, .hot_availability = 0.5};
	struct state_writer writer;

	state_writer_begin(&writer, out, &head, err);
	for (uint32_t i = 0; i < blocks; i++) {
		block.block.addr = bw_addr_from_v4(0x0a000000 + (i << 8));
		state_writer_put_block(&writer, &block);
	}
	return state_writer_end(&writer);
}

static int save(struct state_file *file, uint32_t boots, uint32_t blocks, struct bw_err *err)
{
	FILE *out;
	int result = state_file_begin(file, &out, err);

	if (result == 0)
		result = state_file_commit(file, write_state(out, boots, blocks, err), err);
	return result;
}

static int take_boots(void *self, const struct state_head *head)
{
	*(uint32_t *)self = head->boots;
	return 0;
}

/* The start number in the state that is there; 0: none. */
static uint32_t saved_boots(struct state_file *file)
{
	uint32_t boots = 0;
	const struct state_handlers handlers = {.head = take_boots, .self = &boots};

	assert_true(state_file_load(file, &handlers, NOON, NULL) >= 0);
	return boots;
}

static struct state_file *open_state(void)
{
	struct state_file *file;

	assert_int_equal(state_file_open(directory, &file, NULL), 0);
	return file;
}

/* Writes zeros until there is no room; what NAME is. */
static void fill_disk(const char *name)
{
	static const char zeros[4096];
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	while (write(fd, zeros, sizeof(zeros)) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static void assert_only_state_is_there(void)
{
	char fresh[128];

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(access(fresh, F_OK), -1);
}

/* The state itself is too large: the former one stays, and its space is free again. */
static void test_larger_than_the_disk(void **state)
{
	struct state_file *file = open_state();
	struct bw_err err;

	(void)state;
	assert_int_equal(save(file, 1, 100, &err), 0);
	assert_int_equal(save(file, 2, MANY, &err), -ENOSPC);
	assert_string_equal(err.file, path);
	assert_non_null(strstr(err.message, "the former one stays"));
	assert_non_null(strstr(err.message, "No space left on device"));
	assert_only_state_is_there();
	assert_int_equal(saved_boots(file), 1);
	assert_int_equal(save(file, 3, 100, &err), 0);
	assert_int_equal(saved_boots(file), 3);
	state_file_close(file);
}

/* Something else has filled it: nothing can be saved until there is room again. */
static void test_full_disk(void **state)
{
	struct state_file *file = open_state();
	char filler[96];
	struct bw_err err;

	(void)state;
	snprintf(filler, sizeof(filler), "%s/filler", mountpoint);
	assert_int_equal(save(file, 1, 10, NULL), 0);
	fill_disk(filler);
	for (int i = 0; i < 3; i++)
		assert_int_equal(save(file, 2, 10, &err), -ENOSPC);
	assert_non_null(strstr(err.message, "the former one stays: No space left on device"));
	assert_only_state_is_there();
	assert_int_equal(saved_boots(file), 1);
	assert_int_equal(unlink(filler), 0);
	assert_int_equal(save(file, 2, 10, &err), 0);
	assert_int_equal(saved_boots(file), 2);
	state_file_close(file);
}

/* Setting a damaged file aside takes no room. */
static void test_damaged_on_a_full_disk(void **state)
{
	const struct state_handlers nobody = {0};
	struct state_file *file = open_state();
	struct bw_err err;

	(void)state;
	fill_disk(path);
	assert_int_equal(state_file_load(file, &nobody, NOON, &err), BW_ERR_SYNTAX);
	assert_non_null(strstr(err.message, "set aside as state.jsonl.damaged-20261121T120000Z"));
	assert_int_equal(access(path, F_OK), -1);
	state_file_close(file);
}

static void test_no_inodes(void **state)
{
	struct state_file *file = open_state();
	struct bw_err err;

	(void)state;
	assert_int_equal(save(file, 1, 1, &err), 0);
	assert_int_equal(mount(NULL, mountpoint, NULL, MS_REMOUNT, "nr_inodes=3"), 0);
	assert_int_equal(save(file, 2, 1, &err), -ENOSPC);
	assert_int_equal(saved_boots(file), 1);
	state_file_close(file);
}

static void test_read_only(void **state)
{
	struct state_file *file = open_state(), *other;
	struct bw_err err;

	(void)state;
	assert_int_equal(save(file, 1, 1, &err), 0);
	assert_int_equal(mount(NULL, mountpoint, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	assert_int_equal(save(file, 2, 1, &err), -EROFS);
	assert_non_null(strstr(err.message, "the former one stays: Read-only file system"));
	assert_int_equal(saved_boots(file), 1);
	state_file_close(file);
	assert_int_equal(state_file_open(directory, &other, &err), -EROFS);
	assert_string_equal(err.file, directory);
}

/* The daemon that has given its privileges up cannot use a folder of root's. */
static void test_folder_of_another(void **state)
{
	struct state_file *file = open_state();
	pid_t child;
	int status;

	(void)state;
	state_file_close(file);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int r = setgid(NOBODY) || setuid(NOBODY)
				? 0 : state_file_open(directory, &file, NULL);
		_exit(-r);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), EACCES);
}

/* Saves for ever, with what it says growing, until it is killed. */
static void save_for_ever(int ready)
{
	struct state_file *file;

	if (state_file_open(directory, &file, NULL) != 0)
		_exit(1);
	for (uint32_t boots = 2;; boots++) {
		if (save(file, boots, 200, NULL) != 0 || write(ready, "", 1) != 1)
			_exit(1);
	}
}

/* kill -9 at any moment of it leaves a whole state. */
static void test_killed_while_saving(void **state)
{
	struct state_file *file = open_state();

	(void)state;
	assert_int_equal(save(file, 1, 1, NULL), 0);
	for (int round = 0; round < 50; round++) {
		int ready[2], status;
		char byte;
		pid_t child;

		assert_int_equal(pipe(ready), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			save_for_ever(ready[1]);
		close(ready[1]);
		for (int i = 0; i <= round % 5; i++)
			assert_int_equal(read(ready[0], &byte, 1), 1);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		close(ready[0]);
		assert_true(saved_boots(file) >= 2);
	}
	assert_int_equal(state_file_lock(file, NULL), 0);
	assert_only_state_is_there();
	state_file_close(file);
}

static void enter(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || !mkdtemp(mountpoint)) {
		fputs("skipped: needs root and mount namespaces\n", stderr);
		exit(77);
	}
	if (mount_disk("size=256k") == 0 && umount(mountpoint) == 0)
		return;
	rmdir(mountpoint);
	fputs("skipped: cannot mount a tmpfs\n", stderr);
	exit(77);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_larger_than_the_disk),
		TEST(test_full_disk),
		TEST(test_damaged_on_a_full_disk),
		TEST(test_no_inodes),
		TEST(test_read_only),
		TEST(test_folder_of_another),
		TEST(test_killed_while_saving),
	};
	int failed;

	enter();
	failed = cmocka_run_group_tests_name("lab/sys/state_file", tests, NULL, NULL);
	rmdir(mountpoint);
	return failed;
}
