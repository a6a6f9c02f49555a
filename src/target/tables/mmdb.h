/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_TABLES_MMDB_H
#define TARGET_TABLES_MMDB_H

#include "base/addr/range_set.h"

/*
 * A database in the format of MaxMind (an mmdb file) with the countries or the ASes of
 * addresses: GeoLite2 and GeoIP2, DB-IP Lite, IPinfo Lite, ip-location-db. The library
 * libmaxminddb reads it; without it (the meson feature `mmdb`) mmdb_open() refuses every file.
 *
 * The file is mapped into memory and not copied. Replace it by renaming a new file over it: one
 * that is overwritten in place gives wrong answers, or ends the program.
 */
struct mmdb;

/* What a database says of an address. */
struct mmdb_answer {
	uint32_t asn;     /* 0: nothing */
	char country[3];  /* "": nothing */
	const char *name; /* of the AS; not terminated; the database owns it; NULL: none */
	size_t name_length;
};

/* What a caller wants of a database. */
enum mmdb_want {
	MMDB_WANT_EITHER,
	MMDB_WANT_ASES,
	MMDB_WANT_COUNTRIES,
};

/*
 * Opens a database. Returns 0 or one of: BW_ERR_MISSING when it cannot be opened; BW_ERR_SYNTAX
 * for a file that is none or that is damaged; BW_ERR_VALUE for one that has not what is wanted,
 * such as one of domains; BW_ERR_UNAVAILABLE without libmaxminddb; -ENOMEM. Errors have the file.
 */
int mmdb_open(const char *path, enum mmdb_want want, struct mmdb **ret_mmdb, struct bw_err *err);

/* NULL is allowed. */
void mmdb_close(struct mmdb *mmdb);

/* The day on which it was made, such as "2026-06-17". */
const char *mmdb_day(const struct mmdb *mmdb);

/* Finds an address; an empty answer for one that the database does not have. */
struct mmdb_answer mmdb_find(const struct mmdb *mmdb, const struct bw_addr *addr);

/*
 * Adds all ranges of a country (two capitals) to SET, with value 0, unsorted. Returns 0; -ENOMEM;
 * BW_ERR_SYNTAX for a damaged database.
 */
int mmdb_add_country(const struct mmdb *mmdb, const char *country, struct range_set *set);

#endif
