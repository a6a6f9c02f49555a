/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_SCHEMA_H
#define CONF_KEYS_SCHEMA_H

#include <stdio.h>

#include "conf/keys/keys.h"

/*
 * The JSON Schema (2020-12). Required keys are required unless another text is
 * included, which may have them. Returns 0 or -ENOMEM.
 */
int keys_print_schema(const struct keys_group *group, const char *id, const char *title,
		      FILE *out);

#endif
