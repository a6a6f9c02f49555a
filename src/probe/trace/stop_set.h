/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_STOP_SET_H
#define PROBE_STOP_SET_H

#include "probe/trace/trace.h"

/*
 * The hops that traces of this run have found, as a tree whose root is the vantage (the
 * local stop set of Doubletree; Donnet et al., SIGMETRICS 2005). A trace that goes backwards
 * and meets a hop of the set need not probe what lies before it: the set knows that. A hop
 * is identified by its flow, TTL and address.
 */
struct stop_set;

/* For at most MAX hops, beyond which nothing is added. NULL: out of memory. */
struct stop_set *stop_set_new(uint32_t max);
void stop_set_free(struct stop_set *set);

/* Forgets all hops. */
void stop_set_clear(struct stop_set *set);

/* Adds the hops 1 to trace->last of a trace that is done. Those that are there stay. */
void stop_set_add(struct stop_set *set, const struct trace *trace);

/*
 * If the set has the hop with this TTL of TRACE, fills in all hops before it and returns
 * true. Hops that TRACE knows itself stay.
 */
bool stop_set_fill(const struct stop_set *set, struct trace *trace, uint8_t ttl);

/* How many hops the set has, silent ones included. */
uint32_t stop_set_count(const struct stop_set *set);

#endif
