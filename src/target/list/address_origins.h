/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_ADDRESS_ORIGINS_H
#define TARGET_ADDRESS_ORIGINS_H

#include <blockwatch/addr.h>
#include <blockwatch/err.h>

/*
 * The country and the AS of addresses, from files of ranges: lines of START,END,VALUE, with
 * commas or tabs between. START and END are addresses or, of IPv4, decimal numbers. VALUE is
 * a country code of two letters, or an AS number with or without "AS". What follows is
 * ignored. Double quotes around a field, comments after '#', blank lines, CRLF and a byte
 * order mark are allowed. Of ranges within ranges the smallest counts.
 */
struct address_origins;

struct address_origins *address_origins_new(void); /* NULL: out of memory */
void address_origins_free(struct address_origins *origins);

/*
 * Adds the ranges of a file, or of LENGTH bytes in memory; files may be mixed. Returns how
 * many ranges it has, or one of: BW_ERR_MISSING; BW_ERR_SYNTAX for a line that has not this
 * form; BW_ERR_VALUE for a range whose ends do not fit; -ENOMEM; with file and line.
 */
int address_origins_read(struct address_origins *origins, const char *path, struct bw_err *err);
int address_origins_parse(struct address_origins *origins, const char *bytes, size_t length,
			  const char *file, struct bw_err *err);

/* Call after the last addition and before the first search. */
void address_origins_seal(struct address_origins *origins);

/* Sets what is known of ADDR; leaves the rest as it is. ORIGINS may be NULL. */
void address_origins_find(const struct address_origins *origins, const struct bw_addr *addr,
			  uint32_t *ret_asn, char ret_country[3]);

#endif
