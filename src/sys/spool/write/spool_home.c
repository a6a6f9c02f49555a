/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ship/segment_name.h"

#define UNFINISHED ".tmp"

static int refuse(const char *path, const char *what, struct bw_err *err)
{
	int code = -errno;

	bw_err_set(err, code, "%s: %s", what, strerror(-code));
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

/* Makes the folder PATH if it is missing. OWNER NULL: it stays ours. */
static int make_folder(const char *path, mode_t mode, const struct spool_owner *owner,
		       struct bw_err *err)
{
	bool made = mkdir(path, mode) == 0;
	struct stat status;

	if (!made && errno != EEXIST)
		return refuse(path, "cannot make it", err);
	if (stat(path, &status) < 0)
		return refuse(path, "cannot look at it", err);
	if (!S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return refuse(path, "must be a folder", err);
	}
	if (made && chmod(path, mode) < 0)
		return refuse(path, "cannot set its permissions", err);
	if (owner && owner->is_other && chown(path, owner->uid, owner->gid) < 0)
		return refuse(path, "cannot give it to the user that ships", err);
	return 0;
}

/* The way to the folder must be open to the group of OWNER. What others may do stays. */
static int open_way(const char *path, const struct spool_owner *owner, struct bw_err *err)
{
	struct stat status;

	if (!owner->is_other)
		return 0;
	if (stat(path, &status) < 0)
		return refuse(path, "cannot look at it", err);
	if (status.st_mode & S_IXOTH)
		return 0;
	if (chown(path, (uid_t)-1, owner->gid) < 0 ||
	    chmod(path, (status.st_mode & 07777) | S_IXGRP) < 0)
		return refuse(path, "cannot open it to the user that ships", err);
	return 0;
}

/* The id of the spool; a new one where there is none. */
static int open_id(struct spool_home *home, struct bw_err *err)
{
	int folder = open(home->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), code = 0;
	char path[SPOOL_PATH_TEXT];

	if (folder < 0)
		return refuse(home->path, "cannot open it", err);
	if (!spool_id_read(folder, home->id))
		code = spool_id_make(folder, home->id, err);
	close(folder);
	if (code < 0) {
		snprintf(path, sizeof(path), "%s/spool.json", home->path);
		bw_err_place(err, path, 0, 0, NULL);
	}
	return code;
}

static void remove_unfinished(const struct spool_home *home)
{
	char path[SPOOL_PATH_TEXT + 256];
	DIR *dir = opendir(home->path);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		size_t length = strlen(entry->d_name), end = strlen(UNFINISHED);

		if (strncmp(entry->d_name, "records-", 8) != 0 || length < end ||
		    strcmp(entry->d_name + length - end, UNFINISHED) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", home->path, entry->d_name);
		unlink(path);
	}
	if (dir)
		closedir(dir);
}

int spool_home_open(const char *directory, const struct spool_owner *owner,
		    struct spool_home *ret_home, struct bw_err *err)
{
	struct spool_owner group = *owner;
	struct spool_home home;
	char path[SPOOL_PATH_TEXT];
	int code;

	group.uid = (uid_t)-1;
	snprintf(home.path, sizeof(home.path), "%s/spool", directory);
	code = open_way(directory, owner, err);
	if (code == 0)
		code = make_folder(home.path, 0750, &group, err);
	snprintf(path, sizeof(path), "%s/positions", home.path);
	if (code == 0)
		code = make_folder(path, 0770, owner, err);
	snprintf(path, sizeof(path), "%s/refused", home.path);
	if (code == 0)
		code = make_folder(path, 0770, owner, err);
	if (code == 0)
		code = open_id(&home, err);
	if (code < 0)
		return code;
	remove_unfinished(&home);
	*ret_home = home;
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return (one > other) - (one < other);
}

/* Takes the numbers that DIR has. Returns 0, -ENOMEM or -errno. */
static int list(DIR *dir, uint64_t **numbers, size_t *count)
{
	const struct dirent *entry;

	for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
		uint64_t number, *larger;

		if (!segment_name_parse(entry->d_name, &number))
			continue;
		larger = realloc(*numbers, (*count + 1) * sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		*numbers = larger;
		larger[(*count)++] = number;
	}
	return -errno;
}

int spool_home_list(const struct spool_home *home, uint64_t **ret_numbers, size_t *ret_count)
{
	DIR *dir = opendir(home->path);
	uint64_t *numbers = NULL;
	size_t count = 0;
	int code;

	if (!dir)
		return -errno;
	code = list(dir, &numbers, &count);
	closedir(dir);
	if (code < 0) {
		free(numbers);
		return code;
	}
	if (count > 0)
		qsort(numbers, count, sizeof(*numbers), compare);
	*ret_numbers = numbers;
	*ret_count = count;
	return 0;
}

char *spool_home_segment(const struct spool_home *home, uint64_t number, char path[SPOOL_PATH_TEXT])
{
	char name[SEGMENT_NAME_TEXT];

	snprintf(path, SPOOL_PATH_TEXT, "%s/%s", home->path, segment_name_format(number, name));
	return path;
}

char *spool_home_index(const struct spool_home *home, uint64_t number, char path[SPOOL_PATH_TEXT])
{
	char name[SEGMENT_NAME_TEXT];

	snprintf(path, SPOOL_PATH_TEXT, "%s/%s", home->path,
		 segment_name_format_index(number, name));
	return path;
}
