/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_NAMES_H
#define SYS_NET_NAMES_H

#include <blockwatch/addr.h>
#include <blockwatch/err.h>

/*
 * Host names of addresses (reverse DNS, /etc/hosts), looked up by threads of their own, so
 * that a slow server delays nobody. What is not known when it is asked for has no name.
 */
struct names;

#define NAMES_MAX 4096 /* addresses; further ones have no name */

/* Returns 0 or -errno with a message. */
int names_new(struct names **ret_names, struct bw_err *err);

/* Ends the threads; one that waits for a server goes on by itself. Accepts NULL. */
void names_free(struct names *names);

/* Starts the look-up of an address, once. */
void names_ask(struct names *names, const struct bw_addr *addr);

/* The name of an address, valid until names_free(); NULL: none, or not known yet. */
const char *names_find(struct names *names, const struct bw_addr *addr);

/* Waits until every look-up that was started has ended, at most PATIENCE_NS. */
void names_wait(struct names *names, int64_t patience_ns);

#endif
