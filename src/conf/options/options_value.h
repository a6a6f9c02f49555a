/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_OPTIONS_OPTIONS_VALUE_H
#define CONF_OPTIONS_OPTIONS_VALUE_H

#include "conf/options/options.h"

/* Parses one value into VALUE (see the types). Returns 0 or BW_ERR_USAGE. */
int options_set(const struct options_item *item, const char *text, void *value,
		struct bw_err *err);

#endif
