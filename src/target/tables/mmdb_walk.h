/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_TABLES_MMDB_WALK_H
#define TARGET_TABLES_MMDB_WALK_H

#include <maxminddb.h>

#include <blockwatch/prefix.h>

/* Sees one network of a database with its entry. Not 0 ends the walk. */
typedef int (*mmdb_visit)(void *self, const struct bw_prefix *prefix, MMDB_entry_s *entry);

/*
 * Visits all networks that have an entry, in ascending order. IPv4 networks in an IPv6 database
 * are visited once, as IPv4; 2002::/16 and other places that lead to them are left out. Returns
 * 0, what VISIT returns, or BW_ERR_SYNTAX for a damaged database.
 */
int mmdb_walk(const MMDB_s *mmdb, mmdb_visit visit, void *self);

#endif
