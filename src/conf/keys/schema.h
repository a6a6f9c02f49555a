/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_SCHEMA_H
#define CONF_KEYS_SCHEMA_H

#include <stdio.h>

#include "conf/keys/keys.h"

/*
 * Prints the JSON Schema (2020-12). A text that includes another one needs no required
 * keys, because the other one may have them. Returns 0 or -ENOMEM.
 */
int keys_print_schema(const struct keys_group *group, const char *id, const char *title, FILE *out);

#endif
