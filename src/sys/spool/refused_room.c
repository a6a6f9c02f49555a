/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/refused_room.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_TEXT 256
#define SPARE 16 /* so much of a limit is made free at once */

/* One file: a batch has two, of which the one with the records counts as the batch. */
struct file {
	uint64_t time_ms, number, bytes;
	bool is_batch;
	char name[NAME_TEXT];
};

struct files {
	struct file *list;
	size_t count, room;
};

/* SINK-TIME-N.jsonl or SINK-TIME-N.json; a sink's name may have a '-'. */
static bool parse(const char *name, struct file *ret_file)
{
	const char *last = strrchr(name, '-'), *before = NULL;
	struct file file;
	int end = 0;

	if (last)
		before = memrchr(name, '-', (size_t)(last - name));
	if (!before || before == name || strlen(name) >= NAME_TEXT ||
	    sscanf(before, "-%" SCNu64 "-%" SCNu64 "%n", &file.time_ms, &file.number, &end) != 2)
		return false;
	file.is_batch = strcmp(before + end, ".jsonl") == 0;
	if (!file.is_batch && strcmp(before + end, ".json") != 0)
		return false;
	snprintf(file.name, sizeof(file.name), "%s", name);
	*ret_file = file;
	return true;
}

static int add(struct files *files, const struct file *file)
{
	if (files->count == files->room) {
		size_t room = files->room ? 2 * files->room : 64;
		struct file *larger = realloc(files->list, room * sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		files->list = larger;
		files->room = room;
	}
	files->list[files->count++] = *file;
	return 0;
}

static int read_folder(DIR *folder, struct files *files)
{
	const struct dirent *entry;
	struct stat status;
	struct file file;
	int code = 0;

	while (code == 0 && (entry = readdir(folder)) != NULL) {
		if (!parse(entry->d_name, &file) ||
		    fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		file.bytes = (uint64_t)status.st_size;
		code = add(files, &file);
	}
	return code;
}

static int compare(const void *a, const void *b)
{
	const struct file *one = a, *other = b;

	if (one->time_ms != other->time_ms)
		return one->time_ms > other->time_ms ? 1 : -1;
	return (one->number > other->number) - (one->number < other->number);
}

/* Whether LENGTH more bytes fit, with SPARE_NOW of the limits left over. */
static bool fits(const struct refused *refused, uint64_t length, bool spare)
{
	uint64_t batches = REFUSED_BATCHES - (spare ? REFUSED_BATCHES / SPARE : 0);
	uint64_t bytes = refused->max - (spare ? refused->max / SPARE : 0);

	return refused->batches < batches && (refused->bytes + length <= bytes);
}

static void count(struct refused *refused, const struct files *files)
{
	refused->batches = refused->bytes = 0;
	for (size_t i = 0; i < files->count; i++) {
		refused->batches += files->list[i].is_batch;
		refused->bytes += files->list[i].bytes;
	}
	refused->is_known = true;
}

static void remove_oldest(struct refused *refused, int folder, struct files *files, uint64_t length)
{
	if (files->count > 0)
		qsort(files->list, files->count, sizeof(files->list[0]), compare);
	for (size_t i = 0; i < files->count && !fits(refused, length, true); i++) {
		const struct file *file = &files->list[i];

		if (unlinkat(folder, file->name, 0) < 0)
			continue;
		refused->batches -= file->is_batch;
		refused->removed += file->is_batch;
		refused->bytes -= file->bytes;
	}
}

static int make_room(struct refused *refused, DIR *folder, uint64_t length)
{
	struct files files = {NULL, 0, 0};
	int code = read_folder(folder, &files);

	if (code == 0) {
		count(refused, &files);
		if (!fits(refused, length, false))
			remove_oldest(refused, dirfd(folder), &files, length);
	}
	free(files.list);
	return code;
}

int refused_room_make(struct refused *refused, uint64_t length)
{
	int fd, code;
	DIR *folder;

	if (refused->is_known && fits(refused, length, false))
		return 0;
	fd = openat(refused->folder, "refused", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	folder = fd >= 0 ? fdopendir(fd) : NULL;
	if (!folder) {
		code = -errno;
		if (fd >= 0)
			close(fd);
		return code;
	}
	code = make_room(refused, folder, length);
	closedir(folder);
	return code;
}
