/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_SCHEMA_DEFAULT_H
#define CONF_KEYS_SCHEMA_DEFAULT_H

#include "json/json_out.h"

/* Private to conf/keys: the defaults of keys in a schema. */

/* Writes the member "default" with the value that STANDARD, a JSON text, has. */
void schema_default_put(struct json_out *out, const char *standard);

/* Writes a number: 10 rather than 10.0 where it is whole. */
void schema_default_number(struct json_out *out, double value);

#endif
