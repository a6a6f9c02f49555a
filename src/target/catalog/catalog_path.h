/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_CATALOG_CATALOG_PATH_H
#define TARGET_CATALOG_CATALOG_PATH_H

#include <stdbool.h>

/*
 * The target path: the directories in which targets are looked for by name, in their
 * order. target/catalog/catalog.h says which they are.
 */
struct catalog;

/* What the environment says; any may be NULL. Borrowed for the call of catalog_new(). */
struct catalog_environment {
	const char *target_path; /* BLOCKWATCH_TARGET_PATH */
	const char *config_home; /* XDG_CONFIG_HOME */
	const char *home;        /* HOME */
};

struct catalog_environment catalog_environment(void);

/* NULL: out of memory. */
struct catalog *catalog_new(const struct catalog_environment *environment);
void catalog_free(struct catalog *catalog);

/* The directories of the path with ':' between; owned by the catalog. */
const char *catalog_path(const struct catalog *catalog);

/* One directory of the path. */
struct catalog_directory {
	const char *name; /* not terminated */
	int length;
};

/* CURSOR starts as the path. False at the end; empty parts are skipped. */
bool catalog_next_directory(const char **cursor, struct catalog_directory *ret_directory);

/* What the files of targets end in; a file of the first ending comes before one of the second. */
#define CATALOG_ENDINGS 2
extern const char *const catalog_endings[CATALOG_ENDINGS];

/* True for a text that is longer than its ending. */
bool catalog_ends_with(const char *text, const char *ending);

/* True for whatever can be read there but is no directory. */
bool catalog_is_file(const char *path);

/*
 * The file of a valid name in the first directory that has it, owned by the caller.
 * Returns 0, BW_ERR_MISSING or -ENOMEM.
 */
int catalog_find(const struct catalog *catalog, const char *name, char **ret_path);

#endif
