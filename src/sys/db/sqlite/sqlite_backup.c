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
#include "sys/db/sqlite/sqlite_schema.h"

#define BACKUP_PAGES 256 /* copied in one step */
#define BACKUP_PAUSE_MS 5
#define BUSY_MS 5000 /* a database that is locked for longer cannot be copied */
#define MODE 0777    /* the permissions of a file */

/* What the system says of a file, and what can be done. */
static int fail_file(const char *path, const char *what, int error, struct bw_err *err)
{
	const bool refused = error == EACCES || error == EPERM;
	int code = refused ? BW_ERR_PRIVILEGE : BW_ERR_UNAVAILABLE;

	bw_err_set(err, code, "%s: %s%s", what, strerror(error),
		   refused ? ": run it as root, or as the owner of the database" : "");
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

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

/* An empty file of this mode. */
static int make_part(const char *part, mode_t mode, struct bw_err *err)
{
	int fd;

	remove(part);
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && fchmod(fd, mode & MODE) == 0 && close(fd) == 0)
		return 0;
	return fail_file(part, "cannot be written", errno, err);
}

static int open_source(const char *from, struct stat *ret_stat, sqlite3 **ret_db,
		       struct bw_err *err)
{
	const int fd = open(from, O_RDONLY | O_CLOEXEC);
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
		return fail_file(from, "cannot be read", error, err);
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

	if (code == SQLITE_OK)
		code = hold(source);
	if (code == SQLITE_OK)
		code = copy(source, copied);
	sqlite3_close(copied);
	return code == SQLITE_OK ? 0 : fail_copy(from, code, err);
}

static int name_beside(const char *path, const char *ending, char name[PATH_MAX],
		       struct bw_err *err)
{
	if (snprintf(name, PATH_MAX, "%s%s", path, ending) < PATH_MAX)
		return 0;
	return bw_err_set(err, BW_ERR_LIMIT, "the path is too long");
}

int sqlite_store_backup(const char *from, const char *to, struct bw_err *err)
{
	sqlite3 *source = NULL;
	char part[PATH_MAX];
	struct stat st;
	int code = name_beside(to, ".part", part, err);

	if (code < 0)
		return code;
	code = open_source(from, &st, &source, err);
	if (code == 0)
		code = make_part(part, st.st_mode, err);
	if (code == 0)
		code = copy_into(source, from, part, err);
	if (code == 0 && rename(part, to) < 0)
		code = fail_file(to, "cannot be replaced", errno, err);
	sqlite3_close(source);
	if (code < 0)
		remove(part);
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
		return fail_file(path, "cannot be replaced", errno, err);
	ret_stat->st_mode = 0600;
	return 0;
}

static int give(int fd, const struct stat *owner)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (st.st_uid == owner->st_uid && st.st_gid == owner->st_gid)
		return 0;
	return fchown(fd, owner->st_uid, owner->st_gid);
}

static int give_part(const char *part, const struct stat *owner, struct bw_err *err)
{
	const int fd = open(part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	const int error = give(fd, owner) < 0 || fsync(fd) < 0 ? errno : 0;

	if (fd >= 0)
		close(fd);
	return error ? fail_file(part, "cannot get the owner of the database", error, err) : 0;
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
		const int code = name_beside(path, endings[n], name, err);

		if (code < 0)
			return code;
		if (unlink(name) < 0 && errno != ENOENT)
			return fail_file(name, "cannot be removed", errno, err);
	}
	return 0;
}

static int replace(const char *part, const char *to, const struct stat *owner, struct bw_err *err)
{
	int code = give_part(part, owner, err);

	if (code == 0)
		code = drop_log(to, err);
	if (code == 0 && rename(part, to) < 0)
		code = fail_file(to, "cannot be replaced", errno, err);
	return code;
}

static int restore(const char *from, const char *to, const char *part, struct bw_err *err)
{
	sqlite3 *source = NULL;
	struct stat st, owner;
	int code = owner_of(to, &owner, err);

	if (code == 0)
		code = open_source(from, &st, &source, err);
	if (code == 0)
		code = sqlite_schema_check(source, from, err);
	if (code == 0)
		code = make_part(part, owner.st_mode, err);
	if (code == 0)
		code = copy_into(source, from, part, err);
	sqlite3_close(source);
	if (code == 0)
		code = replace(part, to, &owner, err);
	if (code < 0)
		remove(part);
	return code;
}

int sqlite_store_restore(const char *from, const char *to, struct bw_err *err)
{
	char part[PATH_MAX];
	struct stat owner;
	int lock, code = name_beside(to, ".part", part, err);

	if (code < 0)
		return code;
	lock = sqlite_lock_take(to, err);
	if (lock < 0)
		return lock;
	code = restore(from, to, part, err);
	/* As root this program may just have made the lock that the collector has to open. */
	if (code == 0 && (owner_of(to, &owner, err) < 0 || give(lock, &owner) < 0))
		code = fail_file(to, "cannot get a .lock of its owner", errno, err);
	close(lock);
	return code;
}
