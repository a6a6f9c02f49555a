/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_TEXT_H
#define CONF_KEYS_TEXT_H

#include "conf/keys/keys.h"

/* Private to conf/keys: values that are text. Both return as keys_set(). */

/*
 * Checks a text and copies it into the pool. A relative path is joined to the folder of the
 * file that it is in.
 */
int text_read(const struct keys_key *key, const struct node *value, const char **ret_text,
	      struct pool *pool);

/* True when TEXT has letters, digits, '.', '_' and '-' only. */
bool text_is_name(const char *text);

/* Adds one text or a list of texts to the struct keys_texts at FIELD; refuses duplicates. */
int text_add_all(const struct keys_key *key, const struct node *value, void *field,
		 struct pool *pool);

#endif
