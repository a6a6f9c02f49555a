/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/mmdb_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "\xab\xcd\xefMaxMind.com"
#define MARK_LENGTH (sizeof(MARK) - 1)
#define TAIL ((off_t)128 << 10)

static bool has_mark(int fd)
{
	struct stat status;
	bool found = false;
	char *tail;
	off_t from;
	ssize_t got;

	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return false;
	from = status.st_size > TAIL ? status.st_size - TAIL : 0;
	tail = (char *)malloc(TAIL);
	if (!tail)
		return false;
	got = pread(fd, tail, TAIL, from);
	if (got > 0)
		found = memmem(tail, (size_t)got, MARK, MARK_LENGTH) != NULL;
	free(tail);
	return found;
}

bool mmdb_file_is(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool found;

	if (fd < 0)
		return false;
	found = has_mark(fd);
	close(fd);
	return found;
}
