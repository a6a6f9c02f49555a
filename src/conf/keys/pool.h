/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_POOL_H
#define CONF_KEYS_POOL_H

#include <stddef.h>

/* Memory that is freed all at once: the strings and lists of a configuration. */
struct pool {
	struct pool_chunk *first; /* starts as NULL */
};

/* SIZE zero bytes, aligned for anything; NULL: out of memory. */
void *pool_take(struct pool *pool, size_t size);

/* A copy; NULL: out of memory. */
const char *pool_text(struct pool *pool, const char *text);
void pool_fini(struct pool *pool);

/*
 * The layout of a list that grows. The caller has a struct of the same layout with a typed
 * pointer in place of `list`, and copies it to a struct pool_list and back.
 */
struct pool_list {
	void *list;
	size_t count;
};

/* Adds an element of SIZE zero bytes and returns it; the list may move. NULL: out of memory. */
void *pool_list_add(struct pool *pool, struct pool_list *list, size_t size);

#endif
