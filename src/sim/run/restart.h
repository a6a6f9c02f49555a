/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_RUN_RESTART_H
#define SIM_RUN_RESTART_H

#include "vantage/vantage.h"

/* What a vantage saves, and another one begins with: over a restart and over a reload. */
struct restart_state {
	char *bytes; /* NULL: none */
	size_t length;
};

/* Returns 0, -ENOMEM, or what vantage_save() returns. */
int restart_save(const struct vantage *vantage, struct restart_state *ret_state,
		 struct bw_err *err);

/* Returns 0, or what state_read() returns. */
int restart_load(const struct restart_state *state, struct vantage *vantage, struct bw_now now,
		 struct bw_err *err);

void restart_free(struct restart_state *state);

#endif
