/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_TABLES_ADDRESS_ORIGINS_H
#define TARGET_TABLES_ADDRESS_ORIGINS_H

#include "target/tables/mmdb.h"
#include "target/tables/ranges.h"

/*
 * The country and the AS of addresses: what `--ranges` and `--mmdb` say of hops and networks, and
 * the configuration keys `ranges` and `mmdb`. It reads tables of ranges (target/tables/ranges.h)
 * and databases (target/tables/mmdb.h).
 *
 * Tables count before databases, and databases in the order in which they were added: each later
 * one says only what is not known yet. Of ranges within ranges the smallest counts.
 *
 * Use: address_origins_of(); address_origins_read() and address_origins_read_mmdb() for each
 * file; address_origins_seal(); then any number of searches; address_origins_fini(). To read
 * files again, make a new one and free the old one.
 */
struct address_origins {
	struct ranges ranges;
	struct mmdb **databases;
	size_t database_count;
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

/* Adds a database that has countries or ASes, or both. Returns as mmdb_open(). */
int address_origins_read_mmdb(struct address_origins *origins, const char *path,
			      enum mmdb_want want, struct bw_err *err);

/* Call after the last table and before the first search. Returns 0 or -ENOMEM. */
int address_origins_seal(struct address_origins *origins);

/* Sets what is known of ADDR; leaves the rest as it is. */
void address_origins_find(const struct address_origins *origins, const struct bw_addr *addr,
			  uint32_t *ret_asn, char ret_country[3]);

/* The same, for a struct path_plan (vantage/path/path_plan.h): ORIGINS is its label_self. */
void address_origins_label(const void *origins, const struct bw_addr *addr, uint32_t *ret_asn,
			   char ret_country[3]);

/*
 * What the AS of ADDR is called, if that is ASN: a copy, which the caller frees, or NULL when no
 * file says. Returns 0 or -ENOMEM.
 */
int address_origins_name(const struct address_origins *origins, const struct bw_addr *addr,
			 uint32_t asn, char **ret_name);

#endif
