/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_INDEX_H
#define COLLECT_BOARD_INDEX_H

#include <blockwatch/prefix.h>

/* Finds the number of a name, or of a prefix of an owner. A root that is NULL is empty. */
struct index_key {
	uint32_t owner;
	char *name; /* all keys of a tree have one, or none has */
	struct bw_prefix prefix;
	uint32_t number; /* what the key stands for */
};

/* The number, or -1. */
int64_t index_find(void *root, const struct index_key *key);

/* Adds a copy of a key that is not there. Returns 0 or -ENOMEM. */
int index_put(void **root, const struct index_key *key);

/* It is empty then. */
void index_fini(void **root);

#endif
