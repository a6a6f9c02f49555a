/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_MANUAL_H
#define CONF_KEYS_MANUAL_H

#include <stdio.h>

#include "conf/keys/keys.h"

/* Prints the manual: each key with its type, range, default and meaning; 80 columns. */
void keys_print_manual(const struct keys_group *group, FILE *out);

#endif
