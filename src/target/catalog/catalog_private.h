/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_CATALOG_PRIVATE_H
#define TARGET_CATALOG_PRIVATE_H

#include "target/catalog/catalog.h"

/* Shared by the files of the catalog, nobody else's business. */

/* What follows the user's own directories. */
#define CATALOG_PATH "/etc/blockwatch/targets:" BW_TARGET_DIRECTORY

struct catalog {
	char *path; /* directories, ':' between */
};

struct catalog_directory {
	const char *name; /* not terminated */
	int length;
};

#define CATALOG_ENDINGS 2
extern const char *const catalog_endings[CATALOG_ENDINGS];

bool catalog_ends_with(const char *text, const char *ending);

/* CURSOR starts as the path. False at the end; empty parts are skipped. */
bool catalog_next_directory(const char **cursor, struct catalog_directory *ret_directory);

/* The file of a valid name, owned by the caller. Returns 0, BW_ERR_MISSING or -ENOMEM. */
int catalog_find(const struct catalog *catalog, const char *name, char **ret_path);

#endif
