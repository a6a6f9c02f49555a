/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_COLLECT_SERVE_H
#define APP_COLLECT_COLLECT_SERVE_H

#include "app/collect/collect_config.h"

/*
 * Serves until SIGTERM or SIGINT. Returns 0; BW_ERR_UNAVAILABLE when the database cannot be
 * opened or the address is taken; or another error with a message.
 */
int collect_serve(const struct collect_config *config, struct bw_err *err);

#endif
