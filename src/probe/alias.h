/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_ALIAS_H
#define PROBE_ALIAS_H

#include "probe/outcome.h"

/*
 * True when FROM is in the same /24 (IPv4) or /48 (IPv6) as PROBED. A true token from there shows
 * that the probed host, or its router, answers from another of its addresses.
 */
bool alias_is_nearby(const struct bw_addr *probed, const struct bw_addr *from);

#endif
