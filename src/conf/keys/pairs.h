/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_PAIRS_H
#define CONF_KEYS_PAIRS_H

#include <stdio.h>

#include "conf/keys/keys.h"

/* Private to conf/keys: an object whose values are strings, such as the headers of a request. */
#define PAIRS_NAME_MAX 128 /* bytes */

/*
 * Reads the members of VALUE into the struct keys_pairs at FIELD, in place of those that it had.
 * Names have letters, digits, '.', '_' and '-'; the range of KEY is that of the strings. An
 * empty object has no pairs. Returns as keys_set().
 */
int pairs_read(const struct keys_key *key, const struct node *value, void *field,
	       struct pool *pool);

/* Prints the names. The strings are left out: they may be secrets. */
void pairs_print(const struct keys_pairs *pairs, FILE *out);

#endif
