/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ship/spool/index.h"
#include "ship/spool/recovery.h"
#include "sys/spool/write/spool_lines.h"
#include "sys/spool/write/spool_reserve.h"

#define OUT_ROOM ((size_t)256 << 10)

struct spool_job *spool_job_new(enum spool_job_kind kind, const struct spool_home *home,
				uint64_t number)
{
	struct spool_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->kind = kind;
	job->number = number;
	job->home = *home;
	job->fd = -1;
	return job;
}

void spool_job_free(struct spool_job *job)
{
	if (!job)
		return;
	if (job->fd >= 0)
		close(job->fd);
	free(job->index);
	free(job);
}

static int sync_folder(const struct spool_home *home)
{
	int fd = open(home->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), code;

	if (fd < 0)
		return -errno;
	code = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return code;
}

int spool_job_add_index(const struct spool_home *home, uint64_t number, const char *lines,
			size_t length)
{
	char path[SPOOL_PATH_TEXT];
	int fd = open(spool_home_index(home, number, path),
		      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, SPOOL_FILE_MODE);
	int code = 0;

	if (fd < 0)
		return -errno;
	(void)fchmod(fd, SPOOL_FILE_MODE);
	if (lseek(fd, 0, SEEK_END) == 0)
		code = spool_lines_write(fd, INDEX_HEAD, strlen(INDEX_HEAD));
	if (code == 0)
		code = spool_lines_write(fd, lines, length);
	close(fd);
	return code;
}

static void run_sync(struct spool_job *job)
{
	if (fdatasync(job->fd) < 0)
		job->error = -errno;
	if (job->error == 0 && job->is_new)
		job->error = sync_folder(&job->home);
	if (job->error == 0 && job->index_length > 0)
		(void)spool_job_add_index(&job->home, job->number, job->index, job->index_length);
}

/*
 * Closes a segment that was open. One without a name any more is emptied: `ship` may have it open,
 * and its bytes would stay on the disk.
 */
static void give_back(int fd, int error)
{
	if (fd < 0)
		return;
	if (error == 0)
		(void)!ftruncate(fd, 0);
	close(fd);
}

static void run_delete(struct spool_job *job)
{
	char path[SPOOL_PATH_TEXT];

	int fd = open(spool_home_segment(&job->home, job->number, path), O_RDWR | O_CLOEXEC);

	if (unlink(path) < 0 && errno != ENOENT)
		job->error = -errno;
	if (job->error == 0)
		unlink(spool_home_index(&job->home, job->number, path));
	give_back(fd, job->error);
	spool_reserve_make(&job->home, job->reserve);
}

/* The new segment and its index while they are written. */
struct rewrite {
	struct spool_job *job;
	int fd, index_fd;
	char *out;
	size_t length;
	struct spool_group group;
};

static int flush(struct rewrite *rewrite)
{
	int code = spool_lines_write(rewrite->fd, rewrite->out, rewrite->length);

	rewrite->length = 0;
	return code;
}

static int end_group(struct rewrite *rewrite)
{
	char line[INDEX_LINE_MAX];
	size_t length = index_format(&rewrite->group, line);

	spool_group_append(&rewrite->job->all, &rewrite->group);
	spool_group_init(&rewrite->group, rewrite->job->all.length);
	return spool_lines_write(rewrite->index_fd, line, length);
}

static int keep_line(struct rewrite *rewrite, const struct spool_line *line)
{
	int code = rewrite->length + line->length > OUT_ROOM ? flush(rewrite) : 0;

	if (code < 0)
		return code;
	memcpy(rewrite->out + rewrite->length, line->text, line->length);
	rewrite->length += line->length;
	spool_group_add(&rewrite->group, line);
	return spool_group_is_full(&rewrite->group) ? end_group(rewrite) : 0;
}

static int take_line(void *self, const char *text, size_t length)
{
	struct rewrite *rewrite = self;
	struct spool_job *job = rewrite->job;
	char boot[SPOOL_GROUP_BOOT];
	struct spool_line line;

	if (!recovery_scan(text, length, boot, &line) || line.type == SPOOL_TYPES ||
	    !(job->types & 1U << line.type))
		return keep_line(rewrite, &line);
	job->dropped.records[line.type]++;
	job->dropped.bytes[line.type] += length;
	return 0;
}

static int rewrite_to(struct rewrite *rewrite, int from)
{
	int code = spool_lines_write(rewrite->index_fd, INDEX_HEAD, strlen(INDEX_HEAD));

	if (code == 0)
		code = spool_lines_read(from, 0, take_line, rewrite);
	if (code == 0)
		code = flush(rewrite);
	if (code == 0 && rewrite->group.length > 0)
		code = end_group(rewrite);
	if (code == 0 && (fdatasync(rewrite->fd) < 0 || fdatasync(rewrite->index_fd) < 0))
		code = -errno;
	return code;
}

/* The old index goes first: it must never be found beside the new segment. */
static int replace(const struct spool_job *job, const char *new_path, const char *new_index)
{
	char path[SPOOL_PATH_TEXT];

	unlink(spool_home_index(&job->home, job->number, path));
	if (rename(new_path, spool_home_segment(&job->home, job->number, path)) < 0)
		return -errno;
	if (rename(new_index, spool_home_index(&job->home, job->number, path)) < 0)
		unlink(new_index);
	return sync_folder(&job->home);
}

static int open_new(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY,
		      SPOOL_FILE_MODE);

	if (fd >= 0)
		(void)fchmod(fd, SPOOL_FILE_MODE);
	return fd;
}

static void run_rewrite(struct spool_job *job)
{
	char path[SPOOL_PATH_TEXT], new_path[SPOOL_PATH_TEXT + 8], new_index[SPOOL_PATH_TEXT + 8];
	struct rewrite rewrite = {.job = job, .fd = -1, .index_fd = -1, .out = malloc(OUT_ROOM)};
	int from = open(spool_home_segment(&job->home, job->number, path), O_RDWR | O_CLOEXEC);

	snprintf(new_path, sizeof(new_path), "%s.tmp", path);
	snprintf(new_index, sizeof(new_index), "%s.tmp",
		 spool_home_index(&job->home, job->number, path));
	spool_reserve_give_up(&job->home);
	if (from >= 0)
		rewrite.fd = open_new(new_path);
	if (rewrite.fd >= 0)
		rewrite.index_fd = open_new(new_index);
	job->error = !rewrite.out           ? -ENOMEM
		     : rewrite.index_fd < 0 ? -errno
					    : rewrite_to(&rewrite, from);
	for (int i = 0; i < 2; i++) {
		int fd = (const int[]){rewrite.fd, rewrite.index_fd}[i];

		if (fd >= 0)
			close(fd);
	}
	free(rewrite.out);
	if (job->error == 0)
		job->error = replace(job, new_path, new_index);
	if (job->error < 0) {
		unlink(new_path);
		unlink(new_index);
	}
	give_back(from, job->error);
	spool_reserve_make(&job->home, job->reserve);
}

void spool_job_run(struct spool_job *job)
{
	switch (job->kind) {
	case SPOOL_JOB_SYNC:
		run_sync(job);
		break;
	case SPOOL_JOB_DELETE:
		run_delete(job);
		break;
	case SPOOL_JOB_REWRITE:
		run_rewrite(job);
		break;
	}
}
