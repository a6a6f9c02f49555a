/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_TEXT_H
#define CONF_KEYS_TEXT_H

#include "conf/keys/keys.h"

/* Private to conf/keys: values that are text. Both return as keys_set(). */

/*
 * The text as it is kept, in the pool: checked, and a relative path made one that
 * begins at the folder of the file it stands in.
 */
int text_read(const struct keys_key *key, const struct node *value, const char **ret_text,
	      struct pool *pool);

/* Adds one text or a list of them to the struct keys_texts at FIELD; none may be there twice. */
int text_add_all(const struct keys_key *key, const struct node *value, void *field,
		 struct pool *pool);

#endif
