/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SPECIAL_H
#define BASE_SPECIAL_H

#include <stdbool.h>

#include <blockwatch/addr.h>

struct prefix_set;

/*
 * Special-purpose addresses that are never probed unless the user allows it:
 * the IANA IPv4 and IPv6 Special-Purpose Address Registries (entries that are
 * not marked globally reachable, less those inside them that are), multicast
 * (RFC 5771, RFC 4291), 240.0.0.0/4 and what is outside 2000::/3. 64:ff9b::/96
 * is as special as the IPv4 address in it.
 */

/*
 * Adds all of them to SET, or with ALLOW_RESERVED those that no host has. SET is not sealed then;
 * its values are their indices. A range with exceptions inside is added as the prefixes around
 * these. Returns 0 or one of: -ENOMEM; BW_ERR_LIMIT.
 */
int special_purpose_add_to(struct prefix_set *set, bool allow_reserved);

/* The name of an index, such as "private-use (RFC 1918)"; NULL behind the last. */
const char *special_purpose_name(uint32_t index);

/* The index of the entry with the longest match, or -1 for any other address. */
int special_purpose_find(const struct bw_addr *addr);

/* Whether no host has it: unspecified, broadcast, multicast. It is never probed. */
bool special_purpose_is_no_host(const struct bw_addr *addr);

#endif
