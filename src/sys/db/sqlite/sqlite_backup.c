/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "sys/db/sqlite/sqlite_lock.h"
#include "sys/db/sqlite/sqlite_part.h"
#include "sys/db/sqlite/sqlite_path.h"
#include "sys/db/sqlite/sqlite_schema.h"

#define BACKUP_PAGES 256 /* copied in one step */
#define BACKUP_PAUSE_MS 5
#define BUSY_MS 5000 /* a database that is locked for longer cannot be copied */

static int fail_copy(const char *path, int code, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot be copied: %s", sqlite3_errstr(code));
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

static int copy(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int code;

	if (!backup)
		return sqlite3_errcode(to);
	do {
		code = sqlite3_backup_step(backup, BACKUP_PAGES);
		if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
			sqlite3_sleep(BACKUP_PAUSE_MS);
	} while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
	sqlite3_backup_finish(backup);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int open_source(const char *from, struct stat *ret_stat, sqlite3 **ret_db,
		       struct bw_err *err)
{
	/* A pipe that nobody writes would be waited for. */
	const int fd = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const int error = fd < 0 || fstat(fd, ret_stat) < 0 ? errno : 0;
	int code;

	if (fd >= 0)
		close(fd);
	if (error == ENOENT) {
		bw_err_set(err, BW_ERR_MISSING, "there is no such database");
		bw_err_place(err, from, 0, 0, NULL);
		return BW_ERR_MISSING;
	}
	if (error)
		return sqlite_part_fail(from, "cannot be read", error, err);
	if (!S_ISREG(ret_stat->st_mode)) {
		bw_err_set(err, BW_ERR_UNAVAILABLE, "is no regular file");
		bw_err_place(err, from, 0, 0, NULL);
		return BW_ERR_UNAVAILABLE;
	}
	code = sqlite3_open_v2(from, ret_db, SQLITE_OPEN_READONLY, NULL);
	return code == SQLITE_OK ? 0 : fail_copy(from, code, err);
}

/* Holds what the database is now: a copy begins anew at each commit of somebody else otherwise. */
static int hold(sqlite3 *source)
{
	sqlite3_busy_timeout(source, BUSY_MS);
	return sqlite3_exec(source, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
}

static int copy_into(sqlite3 *source, const char *from, const char *part, struct bw_err *err)
{
	sqlite3 *copied = NULL;
	int code = sqlite3_open_v2(part, &copied, SQLITE_OPEN_READWRITE, NULL);

	/* What is cut short is thrown away: no journal that would be left behind. */
	if (code == SQLITE_OK)
		code = sqlite3_exec(copied, "PRAGMA journal_mode = OFF", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = hold(source);
	if (code == SQLITE_OK)
		code = copy(source, copied);
	sqlite3_close(copied);
	return code == SQLITE_OK ? 0 : fail_copy(from, code, err);
}

int sqlite_store_backup(const char *store, const char *to, struct bw_err *err)
{
	struct sqlite_part part = {.fd = -1};
	sqlite3 *source = NULL;
	char from[PATH_MAX];
	struct stat st;
	int code = sqlite_path_resolve(store, from, err);

	if (code == 0)
		code = open_source(from, &st, &source, err);
	if (code == 0)
		code = sqlite_part_open(&part, to, st.st_mode, err);
	if (code == 0)
		code = copy_into(source, from, part.path, err);
	if (code == 0)
		code = sqlite_part_put(&part, to, err);
	sqlite3_close(source);
	sqlite_part_end(&part);
	return code;
}

/* Of the database, or of its folder where it is not there. */
static int owner_of(const char *path, struct stat *ret_stat, struct bw_err *err)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX] = ".";

	if (stat(path, ret_stat) == 0)
		return 0;
	if (slash)
		snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path),
			 path);
	if (errno != ENOENT || stat(folder, ret_stat) < 0)
		return sqlite_part_fail(path, "cannot be replaced", errno, err);
	ret_stat->st_mode = 0600;
	return 0;
}

/*
 * Brings what the log of the former database holds into it, so that a crash before the end leaves
 * it whole, and removes the log. One that is damaged cannot be brought in.
 */
static int drop_log(const char *path, struct bw_err *err)
{
	static const char *const endings[] = {"-wal", "-shm", "-journal"};
	char name[PATH_MAX];
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
		sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
	sqlite3_close(db);
	for (size_t n = 0; n < sizeof(endings) / sizeof(endings[0]); n++) {
		const int code = sqlite_path_beside(path, endings[n], name, err);

		if (code < 0)
			return code;
		if (unlink(name) < 0 && errno != ENOENT)
			return sqlite_part_fail(name, "cannot be removed", errno, err);
	}
	return 0;
}

static int replace(struct sqlite_part *part, const char *to, const struct stat *owner,
		   struct bw_err *err)
{
	int code = sqlite_part_give(part, owner, err);

	if (code == 0)
		code = drop_log(to, err);
	return code == 0 ? sqlite_part_put(part, to, err) : code;
}

static int restore(const char *from, const char *to, struct bw_err *err)
{
	struct sqlite_part part = {.fd = -1};
	sqlite3 *source = NULL;
	struct stat st, owner;
	int code = owner_of(to, &owner, err);

	if (code == 0)
		code = open_source(from, &st, &source, err);
	if (code == 0)
		code = sqlite_schema_check(source, from, err);
	if (code == 0)
		code = sqlite_part_open(&part, to, owner.st_mode, err);
	if (code == 0)
		code = copy_into(source, from, part.path, err);
	sqlite3_close(source);
	if (code == 0)
		code = replace(&part, to, &owner, err);
	sqlite_part_end(&part);
	return code;
}

int sqlite_store_restore(const char *from, const char *store, struct bw_err *err)
{
	char to[PATH_MAX];
	struct stat owner;
	int lock, code = sqlite_path_resolve(store, to, err);

	if (code < 0)
		return code;
	lock = sqlite_lock_take(to, err);
	if (lock < 0)
		return lock;
	code = restore(from, to, err);
	/* As root this program may just have made the lock that the collector has to open. */
	if (code == 0 && (owner_of(to, &owner, err) < 0 || sqlite_part_chown(lock, &owner) < 0))
		code = sqlite_part_fail(to, "cannot get a .lock of its owner", errno, err);
	close(lock);
	return code;
}
