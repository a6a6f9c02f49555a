/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "sys/db/sqlite/sqlite_path.h"

#define MODE 0777 /* the permissions of a file */

int sqlite_part_fail(const char *path, const char *what, int error, struct bw_err *err)
{
	const bool refused = error == EACCES || error == EPERM;
	int code = refused ? BW_ERR_PRIVILEGE : BW_ERR_UNAVAILABLE;

	bw_err_set(err, code, "%s: %s%s", what, strerror(error),
		   refused ? ": run it as root, or as the owner of the database" : "");
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

/* Whether the descriptor is of the file that PATH names. */
static bool is_at(int fd, const char *path)
{
	struct stat open, named;

	return fstat(fd, &open) == 0 && lstat(path, &named) == 0 && open.st_dev == named.st_dev &&
	       open.st_ino == named.st_ino;
}

/*
 * Removes a file that is there and that nobody has locked. As long as this process has the lock,
 * nobody else puts another file there. Returns 0, also where there is none; EWOULDBLOCK while
 * somebody makes a copy; EEXIST for what is no file; or another errno.
 */
static int remove_left(const char *path)
{
	struct stat st;
	int error, fd;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : errno;
	if (!S_ISREG(st.st_mode))
		return EEXIST;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? 0 : errno;
	error = flock(fd, LOCK_EX | LOCK_NB) < 0 ? errno : 0;
	if (!error && !is_at(fd, path))
		error = EWOULDBLOCK;
	if (!error && unlink(path) < 0)
		error = errno;
	close(fd);
	return error;
}

/* Returns the descriptor or -errno. */
static int make(const char *path, mode_t mode)
{
	const int error = remove_left(path);
	int fd, result;

	if (error)
		return -error;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	result = flock(fd, LOCK_EX | LOCK_NB) < 0 || fchmod(fd, mode & MODE) < 0 ? -errno : fd;
	if (result >= 0 && !is_at(fd, path))
		result = -EWOULDBLOCK;
	if (result < 0)
		close(fd);
	return result;
}

int sqlite_part_open(struct sqlite_part *part, const char *path, mode_t mode, struct bw_err *err)
{
	int code;

	part->fd = -1;
	code = sqlite_path_beside(path, SQLITE_PART_ENDING, part->path, err);
	if (code < 0)
		return code;
	part->fd = make(part->path, mode);
	if (part->fd >= 0)
		return 0;
	if (part->fd != -EWOULDBLOCK)
		return sqlite_part_fail(part->path, "cannot be written", -part->fd, err);
	bw_err_set(err, BW_ERR_UNAVAILABLE, "another copy to this file is made: wait for its end");
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

int sqlite_part_chown(int fd, const struct stat *owner)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (st.st_uid == owner->st_uid && st.st_gid == owner->st_gid)
		return 0;
	return fchown(fd, owner->st_uid, owner->st_gid);
}

int sqlite_part_give(const struct sqlite_part *part, const struct stat *owner, struct bw_err *err)
{
	if (sqlite_part_chown(part->fd, owner) < 0 || fsync(part->fd) < 0)
		return sqlite_part_fail(part->path, "cannot get the owner of the database", errno,
					err);
	return 0;
}

int sqlite_part_put(struct sqlite_part *part, const char *path, struct bw_err *err)
{
	if (rename(part->path, path) < 0)
		return sqlite_part_fail(path, "cannot be replaced", errno, err);
	close(part->fd);
	part->fd = -1;
	return 0;
}

void sqlite_part_end(struct sqlite_part *part)
{
	if (part->fd < 0)
		return;
	unlink(part->path);
	close(part->fd);
	part->fd = -1;
}

void sqlite_part_sweep(const char *path)
{
	char part[PATH_MAX];

	if (sqlite_path_beside(path, SQLITE_PART_ENDING, part, NULL) == 0)
		remove_left(part);
}
