/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_reserve.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SHARE 16 /* of what is free */
#define SIZE_MIN 4096

static char *path_of(const struct spool_home *home, char path[SPOOL_PATH_TEXT])
{
	snprintf(path, SPOOL_PATH_TEXT, "%s/reserve", home->path);
	return path;
}

static uint64_t size_for(const struct spool_home *home, uint64_t size)
{
	struct statvfs status;
	uint64_t share = 0;

	if (statvfs(home->path, &status) == 0)
		share = (uint64_t)status.f_bavail * status.f_frsize / SHARE;
	return size < share ? size : share;
}

void spool_reserve_make(const struct spool_home *home, uint64_t size)
{
	char path[SPOOL_PATH_TEXT];
	int fd;

	if (access(path_of(home, path), F_OK) == 0)
		return;
	size = size_for(home, size);
	if (size < SIZE_MIN)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, SPOOL_FILE_MODE);
	if (fd < 0)
		return;
	if (posix_fallocate(fd, 0, (off_t)size) != 0)
		unlink(path);
	close(fd);
}

uint64_t spool_reserve_size(const struct spool_home *home)
{
	char path[SPOOL_PATH_TEXT];
	struct stat status;

	return stat(path_of(home, path), &status) == 0 ? (uint64_t)status.st_size : 0;
}

void spool_reserve_give_up(const struct spool_home *home)
{
	char path[SPOOL_PATH_TEXT];

	unlink(path_of(home, path));
}
