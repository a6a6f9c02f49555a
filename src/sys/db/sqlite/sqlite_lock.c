/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int sqlite_lock_take(const char *path, struct bw_err *err)
{
	char name[4096];
	int lock;

	if (snprintf(name, sizeof(name), "%s.lock", path) >= (int)sizeof(name))
		return bw_err_set(err, BW_ERR_LIMIT, "the path of the database is too long");
	lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
		return lock;
	if (lock >= 0 && errno == EWOULDBLOCK)
		bw_err_set(err, BW_ERR_UNAVAILABLE,
			   "another collector uses the database: end it first");
	else
		bw_err_set(err, BW_ERR_UNAVAILABLE,
			   "cannot open the database: its .lock file: %s",
			   strerror(errno));
	bw_err_place(err, path, 0, 0, NULL);
	if (lock >= 0)
		close(lock);
	return BW_ERR_UNAVAILABLE;
}
