/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_TABLES_ADDRESS_ORIGINS_H
#define TARGET_TABLES_ADDRESS_ORIGINS_H

#include "target/tables/ranges.h"

/*
 * The country and the AS of addresses, from tables of ranges (target/tables/ranges.h). Of
 * ranges within ranges the smallest counts. Starts as address_origins_of().
 */
struct address_origins {
	struct ranges ranges;
};

struct address_origins address_origins_of(void);
void address_origins_fini(struct address_origins *origins);

/*
 * Adds a table: a file, or LENGTH bytes in memory. Tables may be mixed. Returns 0; what
 * file_read() returns; or what ranges_line() and ranges_end() return, with file and line.
 */
int address_origins_read(struct address_origins *origins, const char *path, struct bw_err *err);
int address_origins_parse(struct address_origins *origins, const char *bytes, size_t length,
			  const char *file, struct bw_err *err);

/* Call after the last table and before the first search. Returns 0 or -ENOMEM. */
int address_origins_seal(struct address_origins *origins);

/* Sets what is known of ADDR; leaves the rest as it is. */
void address_origins_find(const struct address_origins *origins, const struct bw_addr *addr,
			  uint32_t *ret_asn, char ret_country[3]);

#endif
