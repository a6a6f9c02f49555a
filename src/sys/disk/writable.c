/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/disk/writable.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(const char *path, int code, const char *what, struct bw_err *err)
{
	bw_err_set(err, code, "%s: %s", what, bw_error_text(code));
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

/* Returns 0 or -errno; -ENOTDIR for something that is no directory. */
static int check_directory(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	return faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/* The folder that PATH is in, in a buffer of PATH_MAX bytes. Returns 0 or -ENAMETOOLONG. */
static int folder_of(const char *path, char *folder)
{
	char copy[PATH_MAX];

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy))
		return -ENAMETOOLONG;
	memmove(folder, dirname(copy), PATH_MAX - 1);
	folder[PATH_MAX - 1] = '\0';
	return 0;
}

static int check_folder_of(const char *path)
{
	char folder[PATH_MAX] = "";
	int code = folder_of(path, folder);

	return code < 0 ? code : check_directory(folder);
}

int writable_directory(const char *path, struct bw_err *err)
{
	int code = check_directory(path);

	if (code == 0)
		return 0;
	if (code != -ENOENT)
		return refuse(path, code, "cannot keep a state in this directory", err);
	code = check_folder_of(path);
	return code < 0 ? refuse(path, code, "cannot be made: the folder around it", err) : 0;
}

int writable_file(const char *path, struct bw_err *err)
{
	struct stat st;
	int code = check_folder_of(path);

	if (code < 0)
		return refuse(path, code, "cannot write in the folder around it", err);
	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : refuse(path, -errno, "cannot look at it", err);
	if (!S_ISREG(st.st_mode)) {
		bw_err_set(err, BW_ERR_VALUE, "must be a regular file");
		bw_err_place(err, path, 0, 0, NULL);
		return BW_ERR_VALUE;
	}
	if (faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) < 0)
		return refuse(path, -errno, "cannot write it", err);
	return 0;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool writable_is_same(const char *one, const char *other)
{
	char folder_one[PATH_MAX] = "", folder_other[PATH_MAX] = "";
	struct stat a, b;

	if (stat(one, &a) == 0 && stat(other, &b) == 0)
		return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
	if (strcmp(name_of(one), name_of(other)) != 0 || folder_of(one, folder_one) < 0 ||
	    folder_of(other, folder_other) < 0)
		return false;
	return stat(folder_one, &a) == 0 && stat(folder_other, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}
