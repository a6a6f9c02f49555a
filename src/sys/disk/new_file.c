/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/disk/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RANDOM ".tmp-XXXXXX" /* as mkostemp() wants it */

/* What a new file gets: the mode of the file that it replaces, or what fopen() would give. */
static mode_t mode_for(const struct stat *old)
{
	mode_t mask;

	if (old)
		return old->st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/*
 * Creates the temporary file, whose name cannot be guessed, so that nothing can be planted
 * there. OLD is the file that it replaces; NULL: none. Returns the file, or NULL with errno.
 */
static FILE *create(char *temporary, const struct stat *old)
{
	int fd = mkostemp(temporary, O_CLOEXEC), code;
	FILE *out = NULL;

	if (fd < 0)
		return NULL;
	if (fchmod(fd, mode_for(old)) == 0)
		out = fdopen(fd, "w");
	if (!out) {
		code = errno;
		close(fd);
		unlink(temporary);
		errno = code;
	}
	return out;
}

static void drop(struct new_file *file)
{
	free(file->path);
	free(file->temporary);
	*file = (struct new_file){0};
}

int new_file_open(struct new_file *file, const char *path)
{
	struct stat status;
	bool exists = lstat(path, &status) == 0;
	bool special = exists && !S_ISREG(status.st_mode);
	int error = 0;

	*file = (struct new_file){.path = strdup(path)};
	if (special || asprintf(&file->temporary, "%s" RANDOM, path) < 0)
		file->temporary = NULL;
	if (!file->path || (!special && !file->temporary))
		error = -ENOMEM;
	else if (special)
		file->out = fopen(file->path, "we");
	else
		file->out = create(file->temporary, exists ? &status : NULL);
	if (!error && !file->out)
		error = -errno;
	if (error)
		drop(file);
	return error;
}

int new_file_close(struct new_file *file, int written)
{
	int error = written < 0 ? written : 0;

	if (fflush(file->out) != 0 && !error)
		error = -errno;
	if (fclose(file->out) != 0 && !error)
		error = -errno;
	if (!error && file->temporary && rename(file->temporary, file->path) < 0)
		error = -errno;
	if (error && file->temporary)
		unlink(file->temporary);
	drop(file);
	return error;
}

static int put(FILE *out, const char *text)
{
	size_t length = strlen(text);
	bool ends = length > 0 && text[length - 1] == '\n';

	errno = 0;
	if (fwrite(text, 1, length, out) == length && (ends || fputc('\n', out) != EOF))
		return 0;
	return errno ? -errno : -EIO;
}

int new_file_put(const char *path, const char *text)
{
	struct new_file file;
	int code = new_file_open(&file, path);

	return code < 0 ? code : new_file_close(&file, put(file.out, text));
}
