/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ship/spool/index.h"
#include "ship/spool/recovery.h"
#include "sys/spool/write/spool_job.h"
#include "sys/spool/write/spool_lines.h"

/* The lines of the index that are made anew, in memory that grows. */
struct loading {
	struct spool_load *load;
	struct recovery recovery;
	char *index;
	size_t length;
	int error;
};

static void on_group(void *self, const struct spool_group *group)
{
	struct loading *loading = self;
	char *larger = realloc(loading->index, loading->length + INDEX_LINE_MAX);

	spool_group_append(&loading->load->segment.all, group);
	if (!larger) {
		loading->error = -ENOMEM;
		return;
	}
	loading->index = larger;
	loading->length += index_format(group, larger + loading->length);
}

/* Adds up what the index covers of SIZE bytes. Returns how many bytes of the index are right. */
static size_t read_index(const char *path, uint64_t size, struct spool_group *all)
{
	struct index_reader reader;
	struct spool_group group;
	char *text = NULL;
	ssize_t length = spool_lines_load(AT_FDCWD, path, INDEX_MAX, &text);
	size_t good = 0;

	if (length < 0)
		return 0;
	index_read(&reader, text, (size_t)length);
	if (reader.end > text)
		good = (size_t)(reader.at - text);
	while (index_next(&reader, &group) && group.offset + group.length <= size) {
		spool_group_append(all, &group);
		good = (size_t)(reader.at - text);
	}
	free(text);
	return good;
}

static int take_line(void *self, const char *text, size_t length)
{
	struct loading *loading = self;

	recovery_add(&loading->recovery, text, length);
	return loading->error;
}

/* Reads what lies behind the groups of the index, and cuts off its damaged end. */
static int read_rest(struct loading *loading, int fd, uint64_t size)
{
	struct spool_load *load = loading->load;
	uint64_t end;
	int code;

	recovery_init(&loading->recovery, &load->segment.all);
	loading->recovery.on_group = on_group;
	loading->recovery.self = loading;
	code = spool_lines_read(fd, load->segment.all.length, take_line, loading);
	end = recovery_end(&loading->recovery);
	load->damaged = loading->recovery.damaged;
	if (code == 0 && end < size) {
		load->cut = size - end;
		if (ftruncate(fd, (off_t)end) < 0)
			code = -errno;
	}
	if (code == 0 && fdatasync(fd) < 0)
		code = -errno;
	return code;
}

/* What does not fit of an index is cut off before lines are added. */
static void complete_index(const struct spool_home *home, uint64_t number, size_t good,
			   const struct loading *loading)
{
	char path[SPOOL_PATH_TEXT];

	if (truncate(spool_home_index(home, number, path), (off_t)good) < 0 && errno != ENOENT)
		return;
	if (loading->length > 0)
		(void)spool_job_add_index(home, number, loading->index, loading->length);
}

static struct bw_mono time_of(const struct spool_group *all, struct bw_now now)
{
	int64_t age_ns = now.wall.ns - all->last_time.ns;

	return bw_mono_add(now.mono, age_ns > 0 && all->last_seq > 0 ? -age_ns : 0);
}

static int load_open(const struct spool_home *home, uint64_t number, int fd,
		     struct spool_load *load)
{
	struct loading loading = {.load = load};
	char path[SPOOL_PATH_TEXT];
	struct stat status;
	size_t good;
	int code = 0;

	if (fstat(fd, &status) < 0)
		return -errno;
	good = read_index(spool_home_index(home, number, path), (uint64_t)status.st_size,
			  &load->segment.all);
	if (load->segment.all.length < (uint64_t)status.st_size) {
		code = read_rest(&loading, fd, (uint64_t)status.st_size);
		if (code == 0)
			complete_index(home, number, good, &loading);
	}
	free(loading.index);
	return code;
}

int spool_load_segment(const struct spool_home *home, uint64_t number, struct bw_now now,
		       struct spool_load *ret_load)
{
	struct spool_load load = {.segment = {.number = number}};
	char path[SPOOL_PATH_TEXT];
	int fd = open(spool_home_segment(home, number, path), O_RDWR | O_CLOEXEC | O_NOCTTY);
	int code;

	if (fd < 0)
		return -errno;
	code = load_open(home, number, fd, &load);
	close(fd);
	if (code < 0)
		return code;
	load.segment.last_write = time_of(&load.segment.all, now);
	*ret_load = load;
	return 0;
}
