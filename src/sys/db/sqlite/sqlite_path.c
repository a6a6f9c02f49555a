/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_path.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as the kernel follows at most */

static int fail(const char *path, const char *why, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot open the database: %s", why);
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

int sqlite_path_beside(const char *path, const char *ending, char ret[PATH_MAX], struct bw_err *err)
{
	if (snprintf(ret, PATH_MAX, "%s%s", path, ending) < PATH_MAX)
		return 0;
	bw_err_set(err, BW_ERR_LIMIT, "the path is too long");
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_LIMIT;
}

/* Replaces the path of a link by where the link leads: from its folder, unless from the root. */
static int follow(char path[PATH_MAX], struct bw_err *err)
{
	char lead[PATH_MAX], folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	const ssize_t length = readlink(path, lead, sizeof(lead) - 1);

	if (length < 0)
		return fail(path, strerror(errno), err);
	lead[length] = '\0';
	snprintf(folder, sizeof(folder), "%.*s",
		 slash && lead[0] != '/' ? (int)(slash - path + 1) : 0, path);
	return sqlite_path_beside(folder, lead, path, err);
}

static int check(const char *path, const struct stat *st, struct bw_err *err)
{
	if (S_ISDIR(st->st_mode))
		return 0;
	if (!S_ISREG(st->st_mode))
		return fail(path, "it is no regular file", err);
	if (st->st_nlink > 1)
		return fail(path,
			    "it has a second name (a hard link), and SQLite would keep a log "
			    "beside each: remove one of them",
			    err);
	return 0;
}

int sqlite_path_resolve(const char *path, char ret[PATH_MAX], struct bw_err *err)
{
	struct stat st;
	/* SQLite takes a name that begins with a colon for no file. */
	int code = sqlite_path_beside(path[0] == ':' ? "./" : "", path, ret, err);

	for (int links = 0; code == 0; links++) {
		if (lstat(ret, &st) < 0)
			return 0; /* whoever opens it says why */
		if (!S_ISLNK(st.st_mode))
			return check(ret, &st, err);
		code = links < LINKS_MAX ? follow(ret, err) : fail(path, strerror(ELOOP), err);
	}
	return code;
}
