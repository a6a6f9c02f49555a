/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/disk/new_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_special(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static void drop(struct new_file *file)
{
	free(file->path);
	free(file->temporary);
	*file = (struct new_file){0};
}

int new_file_open(struct new_file *file, const char *path)
{
	bool special = is_special(path);
	int error = 0;

	*file = (struct new_file){.path = strdup(path)};
	if (special || asprintf(&file->temporary, "%s.tmp", path) < 0)
		file->temporary = NULL;
	if (!file->path || (!special && !file->temporary))
		error = -ENOMEM;
	else if (!(file->out = fopen(special ? file->path : file->temporary, "we")))
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
