/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_SPOOL_KEYS_H
#define CONF_RUN_SPOOL_KEYS_H

#include "conf/keys/keys.h"

/* The keys of "spool" in the configuration of `run`. */
extern const struct keys_group run_spool_keys; /* fills a struct conf_run_spool */

#endif
