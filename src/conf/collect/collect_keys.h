/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_COLLECT_COLLECT_KEYS_H
#define CONF_COLLECT_COLLECT_KEYS_H

#include "conf/keys/keys.h"

/* Private to conf/collect: the table of keys; its values are a struct conf_collect. */
extern const struct keys_group collect_keys;

#endif
