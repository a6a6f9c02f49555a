/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_VALUE_H
#define CONF_KEYS_VALUE_H

#include "conf/keys/keys.h"

/* One value of a key, private to conf/keys. */

/* Any type but KEYS_GROUP and KEYS_LIST. Returns as keys_set(). */
int value_set(const struct keys_key *key, const struct jsonc *value, void *field,
	      struct pool *pool);

/* The value in words: "10 s", "100 packets a second", "none". Likewise. */
void value_print(const struct keys_key *key, const void *field, FILE *out);

#endif
