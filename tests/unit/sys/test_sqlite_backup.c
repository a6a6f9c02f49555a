/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy of a database that another process writes all the while. Between SQLite and the file of
 * the database stands a layer that sees each read: at every step of the copy it lets the other
 * process commit once, and waits until it has. So a copy that began anew at each commit would see
 * one after the other, and what it holds at its end says so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/db/sqlite/sqlite_backup.h"

#define STEP_BYTES (256 * 4096) /* a copy reads as much in one step */
#define STEPS 5                 /* behind the first one, at each of which the other commits */
#define COMMITS_MAX 64          /* then it is done, so that every copy ends */

/* The other process: a byte asks for a commit, a byte says that it is done. */
struct writer {
	pid_t pid;
	int ask, done;
	unsigned commits;
};

struct setting {
	char folder[64], from[80], to[80];
	struct writer writer;
};

static struct writer *writer; /* of the test that runs */
static sqlite3_vfs layer;
static const sqlite3_vfs *below;
static sqlite3_io_methods methods;
static const sqlite3_io_methods *methods_below;

static void run_sql(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
		_exit(1);
	}
}

static void write_steadily(const char *path, int ask, int done)
{
	sqlite3 *db;
	char byte = 0;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		_exit(1);
	run_sql(db, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;"
		    "CREATE TABLE moment (n); INSERT INTO moment VALUES (0);"
		    "CREATE TABLE filler (bytes);"
		    "WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row "
		    "WHERE n < 1400) INSERT INTO filler SELECT zeroblob(4000) FROM row;"
		    "PRAGMA wal_checkpoint(TRUNCATE)");
	while (write(done, &byte, 1) == 1 && read(ask, &byte, 1) == 1)
		run_sql(db, "UPDATE moment SET n = n + 1");
	sqlite3_close(db);
	_exit(0);
}

static void start(struct writer *started, const char *path)
{
	int ask[2], done[2];
	char byte;

	assert_int_equal(pipe(ask), 0);
	assert_int_equal(pipe(done), 0);
	started->pid = fork();
	assert_true(started->pid >= 0);
	if (started->pid == 0) {
		close(ask[1]);
		close(done[0]);
		write_steadily(path, ask[0], done[1]);
	}
	close(ask[0]);
	close(done[1]);
	started->ask = ask[1];
	started->done = done[0];
	assert_int_equal(read(started->done, &byte, 1), 1); /* the database is there */
}

static void end_writer(struct writer *ended)
{
	int status = -1;

	close(ended->ask);
	assert_int_equal(waitpid(ended->pid, &status, 0), ended->pid);
	close(ended->done);
	assert_int_equal(status, 0);
}

static int read_and_commit(sqlite3_file *file, void *to, int amount, sqlite3_int64 offset)
{
	char byte = 0;

	if (offset > 0 && offset % STEP_BYTES == 0 && writer->commits < COMMITS_MAX) {
		assert_int_equal(write(writer->ask, &byte, 1), 1);
		assert_int_equal(read(writer->done, &byte, 1), 1);
		writer->commits++;
	}
	return methods_below->xRead(file, to, amount, offset);
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
		     int *ret_flags)
{
	const int code = below->xOpen(vfs, name, file, flags, ret_flags);

	if (code != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB) || !strstr(name, "/from.db"))
		return code;
	methods_below = file->pMethods;
	methods = *methods_below;
	methods.iVersion = 2; /* nothing is mapped: each page is read */
	methods.xRead = read_and_commit;
	file->pMethods = &methods;
	return code;
}

static int make(void **state)
{
	struct setting *setting = calloc(1, sizeof(*setting));

	assert_non_null(setting);
	snprintf(setting->folder, sizeof(setting->folder), "/tmp/blockwatch-backup-XXXXXX");
	assert_non_null(mkdtemp(setting->folder));
	snprintf(setting->from, sizeof(setting->from), "%s/from.db", setting->folder);
	snprintf(setting->to, sizeof(setting->to), "%s/to.db", setting->folder);
	start(&setting->writer, setting->from);
	writer = &setting->writer;
	below = sqlite3_vfs_find(NULL);
	layer = *below;
	layer.zName = "layer";
	layer.xOpen = open_file;
	sqlite3_vfs_register(&layer, 1);
	*state = setting;
	return 0;
}

static int end(void **state)
{
	struct setting *setting = *state;

	sqlite3_vfs_unregister(&layer);
	unlink(setting->from);
	unlink(setting->to);
	assert_int_equal(rmdir(setting->folder), 0);
	free(setting);
	return 0;
}

static int number_of(const char *path, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	int number;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	number = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return number;
}

static void test_a_copy_is_of_the_moment_at_which_it_began(void **state)
{
	struct setting *setting = *state;
	struct bw_err err = {.code = 0};
	const int code = sqlite_store_backup(setting->from, setting->to, &err);

	end_writer(&setting->writer);
	assert_int_equal(code, 0);
	assert_int_equal(setting->writer.commits, STEPS);
	assert_int_equal(number_of(setting->from, "SELECT n FROM moment"), STEPS);
	assert_int_equal(number_of(setting->to, "SELECT n FROM moment"), 0);
	assert_int_equal(number_of(setting->to, "SELECT count(*) FROM filler"), 1400);
	assert_int_equal(number_of(setting->to, "SELECT integrity_check = 'ok' "
						"FROM pragma_integrity_check"),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_copy_is_of_the_moment_at_which_it_began,
						make, end),
	};

	return cmocka_run_group_tests_name("sys/sqlite_backup", tests, NULL, NULL);
}
