/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_AGREEMENT_H
#define COLLECT_AGREEMENT_H

#include <blockwatch/err.h>

struct collector;

/*
 * What all collectors over one store must have alike, because they make one history of it, and
 * tell the same receivers: vantages with their networks, quorum, stale_after, how long intervals
 * are kept, webhooks. As text it has one line for each, in an order that does not depend on that of
 * the configuration: a key, a tab, a value.
 */

/* The text of this collector, on the heap. NULL: out of memory. */
char *agreement_text(const struct collector *collector);

/*
 * Agrees with the other collectors that are connected to the store, before anything is read from
 * it; where a collector is alone, what it has holds from now on. Returns 0; BW_ERR_VALUE with a
 * message that names what differs; as the store; -ENOMEM.
 */
int agreement_reach(const struct collector *collector, struct bw_err *err);

/* Writes what differs between two texts into TEXT, in words, as much as there is room for. */
void agreement_compare(const char *ours, const char *theirs, char *text, unsigned long size);

#endif
