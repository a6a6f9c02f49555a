/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_BLOCKED_H
#define PROBE_BLOCKED_H

#include "base/addr/prefix_set.h"

/*
 * Searches in a block list. An entry for an IPv4 prefix also covers its IPv6 forms:
 * IPv4-mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96, RFC 6052) and 6to4 (2002::/16, RFC 3056;
 * the /48 of each address). The set is sealed.
 */

/* Whether the address is on the list. */
bool blocked_has(const struct prefix_set *blocklist, const struct bw_addr *addr);

/* Whether every address of the prefix is on the list. */
bool blocked_covers(const struct prefix_set *blocklist, const struct bw_prefix *prefix);

/*
 * Whether some address of the prefix may be on the list. True as well for a prefix that has
 * all addresses of one of the IPv6 forms and more.
 */
bool blocked_overlaps(const struct prefix_set *blocklist, const struct bw_prefix *prefix);

#endif
