/* SPDX-License-Identifier: Apache-2.0 */
#include "target/catalog/catalog_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <blockwatch/err.h>

/* What follows the user's own directories. */
#define INSTALLED "/etc/blockwatch/targets:" BW_TARGET_DIRECTORY

const char *const catalog_endings[CATALOG_ENDINGS] = {".json", ".txt"};

struct catalog {
	char *path; /* directories, ':' between */
};

struct catalog_environment catalog_environment(void)
{
	return (struct catalog_environment){getenv("BLOCKWATCH_TARGET_PATH"),
					    getenv("XDG_CONFIG_HOME"), getenv("HOME")};
}

static bool is_set(const char *variable)
{
	return variable && *variable;
}

/* XDG base directories must be absolute, or they do not count. */
static int print_default_path(const struct catalog_environment *environment, char **ret_path)
{
	const char *home = is_set(environment->home) ? environment->home : NULL;
	const char *config = is_set(environment->config_home) ? environment->config_home : NULL;

	if (config && *config == '/')
		return asprintf(ret_path, "./targets:%s/blockwatch/targets:" INSTALLED, config);
	if (home)
		return asprintf(ret_path, "./targets:%s/.config/blockwatch/targets:" INSTALLED,
				home);
	return asprintf(ret_path, "./targets:" INSTALLED);
}

struct catalog *catalog_new(const struct catalog_environment *environment)
{
	struct catalog *catalog = (struct catalog *)calloc(1, sizeof(*catalog));

	if (!catalog)
		return NULL;
	if (is_set(environment->target_path))
		catalog->path = strdup(environment->target_path);
	else if (print_default_path(environment, &catalog->path) < 0)
		catalog->path = NULL;
	if (catalog->path)
		return catalog;
	free(catalog);
	return NULL;
}

void catalog_free(struct catalog *catalog)
{
	if (!catalog)
		return;
	free(catalog->path);
	free(catalog);
}

const char *catalog_path(const struct catalog *catalog)
{
	return catalog->path;
}

bool catalog_next_directory(const char **cursor, struct catalog_directory *ret_directory)
{
	while (**cursor == ':')
		++*cursor;
	*ret_directory = (struct catalog_directory){*cursor, (int)strcspn(*cursor, ":")};
	*cursor += ret_directory->length;
	return ret_directory->length > 0;
}

bool catalog_ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text), tail = strlen(ending);

	return length > tail && strcmp(text + length - tail, ending) == 0;
}

bool catalog_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

int catalog_find(const struct catalog *catalog, const char *name, char **ret_path)
{
	const char *cursor = catalog->path;
	struct catalog_directory directory;

	while (catalog_next_directory(&cursor, &directory)) {
		for (size_t i = 0; i < CATALOG_ENDINGS; i++) {
			char *path;

			if (asprintf(&path, "%.*s/%s%s", directory.length, directory.name, name,
				     catalog_endings[i]) < 0)
				return -ENOMEM;
			if (catalog_is_file(path)) {
				*ret_path = path;
				return 0;
			}
			free(path);
		}
	}
	return BW_ERR_MISSING;
}
