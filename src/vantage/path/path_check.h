/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_CHECK_H
#define VANTAGE_PATH_CHECK_H

#include "vantage/path/path_tracing.h"

/*
 * The traces at the end of a check: where the paths to dark networks end, and which networks
 * still pass there. One block of a network is traced, of up to PATH_CHECK_MAX networks of a target.
 * No baseline is known, so the next hop is not either, and a hop that never answers may hide where
 * the path really ends.
 */
#define PATH_CHECK_MAX 64

struct path_check;

/*
 * For what CONFIG's ledger says now; its rate is for the traces alone, its pacer may be NULL.
 * Returns 0 with *RET_CHECK, which is NULL when nothing is dark; -ENOMEM; or what tracer_new()
 * says.
 */
int path_check_new(const struct path_tracing_config *config, struct path_check **ret_check,
		   struct bw_err *err);
void path_check_free(struct path_check *check); /* accepts NULL */

void path_check_receive(struct path_check *check, const struct bw_rx *rx);
void path_check_tick(struct path_check *check, struct bw_mono now);
struct bw_mono path_check_deadline(const struct path_check *check, struct bw_mono now);
bool path_check_is_done(const struct path_check *check);

/*
 * Where the paths to a target end; NULL: that is not known. It stays until the next call. TARGET:
 * its number in the roster.
 */
const struct record_path *path_check_tell(struct path_check *check, uint32_t target);

#endif
