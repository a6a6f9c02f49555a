/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/index.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const struct index_key *x = a, *y = b;

	if (x->name)
		return strcmp(x->name, y->name);
	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return bw_prefix_compare(&x->prefix, &y->prefix);
}

static void free_key(void *arg)
{
	free(((struct index_key *)arg)->name);
	free(arg);
}

int64_t index_find(void *root, const struct index_key *key)
{
	void *found = tfind(key, &root, compare);

	return found ? (int64_t)(*(struct index_key **)found)->number : -1;
}

int index_put(void **root, const struct index_key *key)
{
	struct index_key *entry = malloc(sizeof(*entry));

	if (!entry)
		return -ENOMEM;
	*entry = *key;
	entry->name = key->name ? strdup(key->name) : NULL;
	if ((!key->name || entry->name) && tsearch(entry, root, compare))
		return 0;
	free_key(entry);
	return -ENOMEM;
}

void index_fini(void **root)
{
	tdestroy(*root, free_key);
	*root = NULL;
}
