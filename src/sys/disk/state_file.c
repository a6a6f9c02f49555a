/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file is replaced in four steps: write a new file, wait until its data is on the disk,
 * rename it over the old one, wait until the folder is on the disk. Without the first wait
 * a power cut could leave the new name with no data. Without the second it could bring the
 * old file back; that does no harm, but the state was reported as saved.
 *
 * The new file always has the same name, so a process that is killed leaves one at most. It
 * is always created, never opened, so it has our permissions and is no link.
 */
#include "sys/disk/state_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NEW_NAME STATE_FILE_NAME ".new"
#define ASIDE_TEXT 96
#define LOCK_WAIT_S 1
#define ASIDE_TRIES 100 /* names for damaged files of one second */

struct state_file {
	int folder;
	char *path;
	FILE *out; /* NULL: not saving */
};

static int refuse(const char *path, int code, const char *what, struct bw_err *err)
{
	bw_err_set(err, code, "%s: %s", what, bw_error_text(code));
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

/* Closes and removes the new file. */
static void drop(struct state_file *file)
{
	if (file->out)
		fclose(file->out);
	file->out = NULL;
	unlinkat(file->folder, NEW_NAME, 0);
}

/* Makes the folder when it is missing. Returns its descriptor or -errno. */
static int open_folder(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT && mkdir(directory, 0700) == 0)
		fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static char *join_path(const char *directory)
{
	size_t size = strlen(directory) + sizeof("/" STATE_FILE_NAME);
	char *path = (char *)malloc(size);

	if (path)
		snprintf(path, size, "%s/%s", directory, STATE_FILE_NAME);
	return path;
}

int state_file_open(const char *directory, struct state_file **ret_file, struct bw_err *err)
{
	struct state_file *file;
	int folder = open_folder(directory);

	if (folder == -ENOENT)
		return refuse(directory, folder,
			      "cannot make the state directory, the folder around it must be there",
			      err);
	if (folder < 0)
		return refuse(directory, folder, "cannot open the state directory", err);
	if (faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) < 0) {
		int code = -errno;

		close(folder);
		return refuse(directory, code, "cannot write to the state directory", err);
	}
	file = (struct state_file *)calloc(1, sizeof(*file));
	if (file)
		file->path = join_path(directory);
	if (!file || !file->path) {
		free(file);
		close(folder);
		return refuse(directory, -ENOMEM, "cannot open the state directory", err);
	}
	file->folder = folder;
	*ret_file = file;
	return 0;
}

/* The folder itself is locked: no lock file is left behind, and none can be planted. */
int state_file_lock(struct state_file *file, struct bw_err *err)
{
	if (flock(file->folder, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		bw_err_set(err, BW_ERR_UNAVAILABLE,
			   "another process keeps its state in this directory; end it, or give "
			   "each a state_directory of its own");
		bw_err_place(err, file->path, 0, 0, NULL);
		return BW_ERR_UNAVAILABLE;
	}
	unlinkat(file->folder, NEW_NAME, 0);
	return 0;
}

static void on_alarm(int number)
{
	(void)number;
}

int state_file_lock_soon(struct state_file *file, struct bw_err *err)
{
	struct sigaction action = {.sa_handler = on_alarm}, before;

	if (sigaction(SIGALRM, &action, &before) < 0)
		return state_file_lock(file, err);
	alarm(LOCK_WAIT_S);
	(void)flock(file->folder, LOCK_EX); /* ends with the lock or with the signal */
	alarm(0);
	sigaction(SIGALRM, &before, NULL);
	return state_file_lock(file, err);
}

void state_file_close(struct state_file *file)
{
	if (!file)
		return;
	if (file->out)
		drop(file);
	close(file->folder);
	free(file->path);
	free(file);
}

/* Reads LENGTH bytes. Returns 0 or -errno; -EIO when the file has fewer. */
static int fill(int fd, char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t got = read(fd, bytes, length);

		if (got == 0)
			return -EIO;
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0) {
			bytes += got;
			length -= (size_t)got;
		}
	}
	return 0;
}

/* Reads the whole file into memory that the caller frees. Returns 0, -errno or BW_ERR_LIMIT. */
static int read_file(int fd, char **ret_bytes, size_t *ret_length)
{
	struct stat st;
	char *bytes;
	int result;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_size > STATE_FILE_MAX)
		return BW_ERR_LIMIT;
	bytes = (char *)malloc((size_t)st.st_size + 1);
	if (!bytes)
		return -ENOMEM;
	result = fill(fd, bytes, (size_t)st.st_size);
	if (result < 0) {
		free(bytes);
		return result;
	}
	*ret_bytes = bytes;
	*ret_length = (size_t)st.st_size;
	return 0;
}

/* 0, or -EPERM if FD belongs to another user or others may write to it; -errno. */
static int check_own(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return st.st_uid == geteuid() && !(st.st_mode & (S_IWGRP | S_IWOTH)) ? 0 : -EPERM;
}

int state_file_check_own(const struct state_file *file, struct bw_err *err)
{
	int code = check_own(file->folder);

	return code < 0 ? refuse(file->path, code, "the folder is not ours alone", err) : 0;
}

/* Reads the state in a folder as read_file(). -ENOENT: there is none. */
static int read_state(const char *directory, bool own, char **ret_bytes, size_t *ret_length)
{
	int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd, result;

	if (folder < 0)
		return -errno;
	fd = openat(folder, STATE_FILE_NAME, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	result = fd < 0 ? -errno : 0;
	if (result == 0 && own)
		result = check_own(folder) < 0 ? -EPERM : check_own(fd);
	if (result == 0)
		result = read_file(fd, ret_bytes, ret_length);
	if (fd >= 0)
		close(fd);
	close(folder);
	return result;
}

int state_file_peek(const char *directory, bool own, const struct state_handlers *handlers,
		    struct bw_err *err)
{
	char *path = join_path(directory), *bytes = NULL;
	size_t length = 0;
	int result = path ? read_state(directory, own, &bytes, &length) : -ENOMEM;

	if (result == -EPERM)
		(void)refuse(path, result, "it is not ours alone, and is not read", err);
	else if (result < 0 && result != -ENOENT)
		(void)refuse(path ? path : directory, result, "cannot read the state", err);
	else if (result == 0)
		result = state_read(bytes, length, path, handlers, err);
	free(bytes);
	free(path);
	return result == -ENOENT ? 0 : result < 0 ? result : 1;
}

/* Finds a name that does not exist yet; a number tells several in one second apart. */
static int find_aside(struct state_file *file, struct bw_wall now, char *ret_name)
{
	time_t seconds = (time_t)(now.ns / BW_S);
	char stamp[32];
	struct stat st;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	for (int i = 1; i <= ASIDE_TRIES; i++) {
		char number[16] = "";

		if (i > 1)
			snprintf(number, sizeof(number), "-%d", i);
		snprintf(ret_name, ASIDE_TEXT, STATE_FILE_NAME ".damaged-%s%s", stamp, number);
		if (fstatat(file->folder, ret_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return errno == ENOENT ? 0 : -errno;
	}
	return -EEXIST;
}

/* Renames the damaged file, and adds to the message of CODE what became of it. */
static int set_aside(struct state_file *file, int code, struct bw_wall now, struct bw_err *err)
{
	char name[ASIDE_TEXT], why[sizeof(err->message)], field[sizeof(err->field)];
	struct bw_err place = *err;
	int result = find_aside(file, now, name);

	snprintf(why, sizeof(why), "%s", err->message);
	snprintf(field, sizeof(field), "%s", err->field);
	if (result == 0 && renameat(file->folder, STATE_FILE_NAME, file->folder, name) < 0)
		result = -errno;
	if (result < 0)
		bw_err_set(err, result, "%.200s; and it cannot be set aside: %s", why,
			   bw_error_text(result));
	else
		bw_err_set(err, code, "%.200s; set aside as %s, what was learned is lost", why,
			   name);
	bw_err_place(err, file->path, place.line, place.column, field);
	fsync(file->folder);
	return result < 0 ? result : code;
}

int state_file_load(struct state_file *file, const struct state_handlers *handlers,
		    struct bw_wall now, struct bw_err *err)
{
	struct bw_err local, *say = err ? err : &local;
	size_t length = 0;
	char *bytes = NULL;
	int fd, result;

	fd = openat(file->folder, STATE_FILE_NAME, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return 0;
	result = fd < 0 ? -errno : read_file(fd, &bytes, &length);
	if (fd >= 0)
		close(fd);
	if (result < 0)
		return refuse(file->path, result, "cannot read the state", err);
	result = state_read(bytes, length, file->path, handlers, say);
	free(bytes);
	if (result == BW_ERR_SYNTAX || result == BW_ERR_VALUE)
		return set_aside(file, result, now, say);
	return result < 0 ? result : 1;
}

static int refuse_save(const struct state_file *file, int code, struct bw_err *err)
{
	return refuse(file->path, code, "cannot save the state, the former one stays", err);
}

/* Adds the path and the consequence to the message of the writer. */
static int relay(const struct state_file *file, int code, struct bw_err *err)
{
	struct bw_err said;

	if (!err || err->code != code)
		return refuse_save(file, code, err);
	said = *err;
	bw_err_set(err, code, "cannot save the state, the former one stays: %.200s", said.message);
	bw_err_place(err, file->path, said.line, 0, said.field);
	return code;
}

int state_file_begin(struct state_file *file, FILE **ret_out, struct bw_err *err)
{
	int fd, code;

	drop(file);
	fd = openat(file->folder, NEW_NAME, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return refuse_save(file, -errno, err);
	/* A strict umask may have taken our own permissions away. */
	if (fchmod(fd, 0600) == 0)
		file->out = fdopen(fd, "w");
	if (!file->out) {
		code = -errno;
		close(fd);
		unlinkat(file->folder, NEW_NAME, 0);
		return refuse_save(file, code, err);
	}
	*ret_out = file->out;
	return 0;
}

/* Writes the new file to the disk and closes it. Returns 0 or -errno. */
static int finish_file(FILE *out)
{
	int code = 0;

	errno = EIO;
	if (ferror(out) || fflush(out) != 0 || fsync(fileno(out)) < 0)
		code = -errno;
	if (fclose(out) != 0 && code == 0)
		code = -errno;
	return code;
}

int state_file_commit(struct state_file *file, int written, struct bw_err *err)
{
	FILE *out = file->out;
	int code;

	assert(out);
	if (written < 0) {
		drop(file);
		return relay(file, written, err);
	}
	file->out = NULL;
	code = finish_file(out);
	if (code == 0 && renameat(file->folder, NEW_NAME, file->folder, STATE_FILE_NAME) < 0)
		code = -errno;
	if (code < 0) {
		drop(file);
		return refuse_save(file, code, err);
	}
	if (fsync(file->folder) < 0)
		return refuse(file->path, -errno, "the state is saved, but may be lost with power",
			      err);
	return 0;
}
