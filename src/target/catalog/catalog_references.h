/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_CATALOG_CATALOG_REFERENCES_H
#define TARGET_CATALOG_CATALOG_REFERENCES_H

#include "target/catalog/catalog.h"

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
