/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ship/spool/index.h"
#include "sys/spool/write/spool_lines.h"

int spool_segment_open(struct spool_segment *segment, const struct spool_home *home,
		       uint64_t number, uint64_t size, bool is_new)
{
	int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW;
	char path[SPOOL_PATH_TEXT];
	int fd;

	/* The index of a former segment, of which somebody has deleted the lines alone. */
	if (is_new)
		unlink(spool_home_index(home, number, path));
	fd = open(spool_home_segment(home, number, path), flags | (is_new ? O_CREAT | O_EXCL : 0),
		  SPOOL_FILE_MODE);
	if (fd < 0)
		return -errno;
	(void)fchmod(fd, SPOOL_FILE_MODE);
	*segment =
		(struct spool_segment){.fd = fd, .number = number, .size = size, .is_new = is_new};
	spool_group_init(&segment->group, size);
	return 0;
}

void spool_segment_close(struct spool_segment *segment)
{
	if (segment->fd >= 0)
		close(segment->fd);
	free(segment->index);
	*segment = (struct spool_segment){.fd = -1};
}

/* Without memory the index lacks the group, and all after it: it is completed at the next start. */
static void end_group(struct spool_segment *segment)
{
	if (segment->index_room - segment->index_length < INDEX_LINE_MAX) {
		size_t room = 2 * segment->index_room + INDEX_LINE_MAX;
		char *larger = realloc(segment->index, room);

		if (larger) {
			segment->index = larger;
			segment->index_room = room;
		}
	}
	if (segment->index_room - segment->index_length >= INDEX_LINE_MAX)
		segment->index_length +=
			index_format(&segment->group, segment->index + segment->index_length);
	spool_group_init(&segment->group, segment->size);
}

/* A piece of a line must not stay: on a full disk a write may be cut short. */
static int append(struct spool_segment *segment, const struct spool_line *line)
{
	int code = spool_lines_write(segment->fd, line->text, line->length);

	if (code < 0 && ftruncate(segment->fd, (off_t)segment->size) < 0)
		return -EIO;
	return code;
}

int spool_segment_append(struct spool_segment *segment, const struct spool_line *line)
{
	int code = append(segment, line);

	if (code < 0)
		return code;
	segment->size += line->length;
	spool_group_add(&segment->group, line);
	if (spool_group_is_full(&segment->group))
		end_group(segment);
	return 0;
}

struct spool_job *spool_segment_sync(struct spool_segment *segment, const struct spool_home *home,
				     bool ends)
{
	struct spool_job *job = spool_job_new(SPOOL_JOB_SYNC, home, segment->number);

	if (!job)
		return NULL;
	if (ends && segment->group.length > 0)
		end_group(segment);
	/* A descriptor of its own: the segment may be closed before the job is done. */
	job->fd = ends ? segment->fd : fcntl(segment->fd, F_DUPFD_CLOEXEC, 0);
	job->is_new = segment->is_new;
	job->index = segment->index;
	job->index_length = segment->index_length;
	segment->index = NULL;
	segment->index_length = segment->index_room = 0;
	segment->is_new = false;
	if (ends)
		*segment = (struct spool_segment){.fd = -1};
	return job;
}

bool spool_segment_is_gone(const struct spool_segment *segment)
{
	struct stat status;

	return segment->fd >= 0 && fstat(segment->fd, &status) == 0 && status.st_nlink == 0;
}
