/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_PRINT_H
#define CONF_KEYS_PRINT_H

#include <stdio.h>

#include "conf/keys/keys.h"

#define KEYS_RANGE_TEXT 96 /* room for a range */

/* "1 s to 1 d", "1 to 15 bytes"; "" where everything goes. Returns buffer. */
char *keys_format_range(const struct keys_key *key, char *buffer);

/* In words: "10 s", "100 packets a second", or what holds when it is not given. */
void keys_print_value(const struct keys_key *key, const void *field, FILE *out);

/*
 * All values in words, in lines of 80 columns: name, value. Objects in a list have
 * a line each.
 */
void keys_print_values(const struct keys_group *group, const void *values, FILE *out);

/*
 * The first key with KEYS_RESTART whose values differ, or NULL. (Out of memory
 * shows as a difference.)
 */
const char *keys_restart_needed(const struct keys_group *group, const void *before,
				const void *after);

#endif
