/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_COLLECT_CHECK_H
#define APP_COLLECT_COLLECT_CHECK_H

#include "app/collect/collect_config.h"

/*
 * What of a configuration can be told without a start: whether it can work, and whether it is safe.
 * Nothing is made or changed.
 */

/*
 * Returns 0, or what the start would return: BW_ERR_VALUE for an address or a user that is none,
 * or a command that cannot be run, which the start tries again;
 * BW_ERR_LIMIT for too many vantages; with a message. The database is for collect_store_check(),
 * by the user that the collector becomes.
 */
int collect_check(const struct collect_config *config, struct bw_err *err);

/* Warns when tokens and records would cross the network as plain text. */
void collect_check_warn(const struct collect_config *config);

/* Warns when "quorum" is more than the different networks that connect the vantages. */
void collect_check_warn_quorum(const struct collect_config *config);

#endif
