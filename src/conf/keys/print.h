/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_PRINT_H
#define CONF_KEYS_PRINT_H

#include <stdio.h>

#include "conf/keys/keys.h"

#define KEYS_RANGE_TEXT 96 /* room for a range */

/* "1 s to 1 d", "1 to 15 bytes"; "" for a key without a range. Returns buffer. */
char *keys_format_range(const struct keys_key *key, char *buffer);

/* Prints one value: "10 s", "100 packets a second", or what holds when it is not given. */
void keys_print_value(const struct keys_key *key, const void *field, FILE *out);

/*
 * Prints all values in words, as lines of 80 columns with name and value. Each object of a
 * list has a line of its own.
 */
void keys_print_values(const struct keys_group *group, const void *values, FILE *out);

/*
 * The first key with KEYS_RESTART whose values differ, or NULL. (Out of memory
 * shows as a difference.)
 */
const char *keys_restart_needed(const struct keys_group *group, const void *before,
				const void *after);

#endif
