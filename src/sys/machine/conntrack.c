/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/machine/conntrack.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FULL_PERCENT 95
#define ROOM_PERCENT 90
#define NUMBER_TEXT 32

/* The bytes of a small file; what is no file is an empty one. */
static void read_text(const char *folder, const char *name, char text[NUMBER_TEXT])
{
	char path[PATH_MAX];
	ssize_t length = -1;
	int fd = -1;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) < (int)sizeof(path))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		length = read(fd, text, NUMBER_TEXT - 1);
		close(fd);
	}
	text[length > 0 ? length : 0] = '\0';
}

static bool read_number(const char *folder, const char *name, uint64_t *ret_number)
{
	char text[NUMBER_TEXT], *end;
	unsigned long long number;

	read_text(folder, name, text);
	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	number = strtoull(text, &end, 10);
	/* Both are 32 bits wide in the kernel: what is more could not be multiplied below. */
	if (errno != 0 || (*end != '\n' && *end != '\0') || number > UINT32_MAX)
		return false;
	*ret_number = number;
	return true;
}

bool conntrack_look(struct conntrack *conntrack)
{
	uint64_t count, max;
	unsigned percent = conntrack->full ? ROOM_PERCENT : FULL_PERCENT;

	if (!read_number(conntrack->folder, "nf_conntrack_count", &count) ||
	    !read_number(conntrack->folder, "nf_conntrack_max", &max))
		count = max = 0;
	conntrack->count = count;
	conntrack->max = max;
	conntrack->full = max > 0 && count * 100 >= max * percent;
	return conntrack->full;
}
