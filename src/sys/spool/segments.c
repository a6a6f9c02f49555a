/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/segments.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "ship/segment_name.h"

bool segments_find(int folder, uint64_t at_least, uint64_t *ret_number)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool found = false;

	if (!list) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while ((entry = readdir(list))) {
		uint64_t number;

		if (!segment_name_parse(entry->d_name, &number) || number < at_least ||
		    (found && number >= *ret_number))
			continue;
		*ret_number = number;
		found = true;
	}
	closedir(list);
	return found;
}

bool segments_is_newest(int folder, uint64_t number)
{
	uint64_t other;

	return segments_find(folder, 0, &other) && !segments_find(folder, number + 1, &other);
}

int segments_open(int folder, uint64_t number)
{
	char name[SEGMENT_NAME_TEXT];
	int fd = openat(folder, segment_name_format(number, name),
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	return fd < 0 ? -errno : fd;
}
