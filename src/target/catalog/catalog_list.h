/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_CATALOG_CATALOG_LIST_H
#define TARGET_CATALOG_CATALOG_LIST_H

#include <stddef.h>

#include "target/catalog/catalog_path.h"

/* The targets on the path, by name; each once, from the first directory that has it. */
struct catalog_entry {
	char *name, *path;
};
struct catalog_entries {
	struct catalog_entry *list;
	size_t count;
};

/* Returns 0 or -ENOMEM. Directories that are not there are empty. */
int catalog_list(const struct catalog *catalog, struct catalog_entries *ret_entries);
void catalog_entries_fini(struct catalog_entries *entries);

#endif
