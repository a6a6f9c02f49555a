/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_COLLECT_COLLECT_NATS_H
#define CONF_COLLECT_COLLECT_NATS_H

#include "conf/collect/collect.h"

/* Private to conf/collect: the keys of "nats"; its values are the member `nats`. */
extern const struct keys_group collect_nats_keys;

/*
 * Checks what the table of keys cannot say. Returns 0, or BW_ERR_VALUE or BW_ERR_OVERLAP with the
 * place. Nothing is checked where there is no "nats".
 */
int collect_nats_check(const struct conf_collect *conf, struct bw_err *err);

#endif
