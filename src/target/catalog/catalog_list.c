/* SPDX-License-Identifier: Apache-2.0 */
#include "target/catalog/catalog_list.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/network.h"

/* "kp.json" on the path has the name "kp"; what cannot be asked for by name is not listed. */
static bool take_name(const char *file, char *name, size_t size)
{
	size_t length;

	for (size_t i = 0; i < CATALOG_ENDINGS; i++) {
		if (!catalog_ends_with(file, catalog_endings[i]))
			continue;
		length = strlen(file) - strlen(catalog_endings[i]);
		snprintf(name, size, "%.*s", (int)length, file);
		return target_name_is_valid(name);
	}
	return false;
}

static bool has_name(const struct catalog_entries *entries, const char *name)
{
	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->list[i].name, name) == 0)
			return true;
	return false;
}

static int append(struct catalog_entries *entries, const struct catalog_entry *entry)
{
	size_t size = (entries->count + 1) * sizeof(*entry);
	struct catalog_entry *list = (struct catalog_entry *)realloc(entries->list, size);

	if (!list)
		return -ENOMEM;
	entries->list = list;
	entries->list[entries->count++] = *entry;
	return 0;
}

static int add_name(const struct catalog *catalog, struct catalog_entries *entries,
		    const char *name)
{
	struct catalog_entry entry = {NULL, NULL};
	int result = catalog_find(catalog, name, &entry.path);

	if (result == BW_ERR_MISSING) /* a directory "x.json", or gone again */
		return 0;
	if (result == 0)
		entry.name = strdup(name);
	if (result == 0)
		result = entry.name ? append(entries, &entry) : -ENOMEM;
	if (result < 0) {
		free(entry.name);
		free(entry.path);
	}
	return result;
}

static int list_directory(const struct catalog *catalog, const struct catalog_directory *directory,
			  struct catalog_entries *entries)
{
	char *path, name[NAME_MAX + 1];
	struct dirent *file;
	int result = 0;
	DIR *dir;

	if (asprintf(&path, "%.*s", directory->length, directory->name) < 0)
		return -ENOMEM;
	dir = opendir(path);
	free(path);
	while (dir && result == 0 && (file = readdir(dir)))
		if (take_name(file->d_name, name, sizeof(name)) && !has_name(entries, name))
			result = add_name(catalog, entries, name);
	if (dir)
		closedir(dir);
	return result;
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct catalog_entry *)a)->name,
		      ((const struct catalog_entry *)b)->name);
}

int catalog_list(const struct catalog *catalog, struct catalog_entries *ret_entries)
{
	struct catalog_entries entries = {NULL, 0};
	const char *cursor = catalog_path(catalog);
	struct catalog_directory directory;
	int result = 0;

	while (result == 0 && catalog_next_directory(&cursor, &directory))
		result = list_directory(catalog, &directory, &entries);
	if (result < 0) {
		catalog_entries_fini(&entries);
		return result;
	}
	if (entries.count)
		qsort(entries.list, entries.count, sizeof(*entries.list), compare_entries);
	*ret_entries = entries;
	return 0;
}

void catalog_entries_fini(struct catalog_entries *entries)
{
	if (!entries)
		return;
	for (size_t i = 0; i < entries->count; i++) {
		free(entries->list[i].name);
		free(entries->list[i].path);
	}
	free(entries->list);
	*entries = (struct catalog_entries){NULL, 0};
}
