/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_VALUE_H
#define CONF_KEYS_VALUE_H

#include "conf/keys/keys.h"

/* Private to conf/keys: one value of a key, of any type but KEYS_GROUP and KEYS_LIST. */

/* Returns as keys_set(). */
int value_set(const struct keys_key *key, const struct node *value, void *field, struct pool *pool);

/*
 * As node_next(), where a list of values may be a single one as well: then ELEMENT becomes
 * the value itself, once.
 */
bool value_next(const struct node *value, struct node *element);

/* 0 or BW_ERR_VALUE with its message. */
int value_check_not_empty(const struct node *value);

bool value_in_range(const struct keys_key *key, double value);

/* "GIVEN is out of range: 1 s to 1 d": BW_ERR_VALUE. */
int value_refuse_range(const struct keys_key *key, const struct node *value, const char *given);

#endif
