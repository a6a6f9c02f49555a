/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_CATALOG_H
#define TARGET_CATALOG_H

#include <blockwatch/target.h>

/*
 * Finds targets. A TARGET argument is, in this order,
 *  1. a prefix or an address;
 *  2. a path, when it has a '/' in it, ends in .json or .txt, or is a file here;
 *  3. a name: NAME.json or NAME.txt in the directories of the target path, the
 *     first that has it: ./targets, $XDG_CONFIG_HOME/blockwatch/targets (without
 *     it ~/.config/blockwatch/targets), /etc/blockwatch/targets and the installed
 *     data directory. BLOCKWATCH_TARGET_PATH (directories with ':' between)
 *     replaces them all.
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

/*
 * Reads the target that ARGUMENT stands for. Returns 0; BW_ERR_MISSING, with where
 * it was looked for and the nearest name; what bw_prefix_parse(), file_read(),
 * target_parse() and list_parse() say.
 */
int catalog_resolve(const struct catalog *catalog, const char *argument,
		    struct bw_target **ret_target, struct bw_err *err);

/* Reads one file, JSON or list. Returns as catalog_resolve(). */
int catalog_read(const char *path, struct bw_target **ret_target, struct bw_err *err);

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

/* The directories of the path with ':' between; owned by the catalog. */
const char *catalog_path(const struct catalog *catalog);

/* Addresses that tell whether the vantage is online; starts as {0}. No address twice. */
struct catalog_references {
	struct bw_addr *list;
	size_t count;
};

/*
 * Adds a reference: an address, or a TARGET whose hosts are references (its own
 * references are not). Returns 0; BW_ERR_VALUE for a target that lists no hosts;
 * BW_ERR_LIMIT beyond TARGET_REFERENCES_MAX; -ENOMEM; what catalog_resolve() says.
 */
int catalog_add_reference(const struct catalog *catalog, const char *reference,
			  struct catalog_references *references, struct bw_err *err);

/* Adds all references of a target, names expanded. Returns the same. */
int catalog_references(const struct catalog *catalog, const struct bw_target *target,
		       struct catalog_references *references, struct bw_err *err);
void catalog_references_fini(struct catalog_references *references);

#endif
