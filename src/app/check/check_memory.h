/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CHECK_CHECK_MEMORY_H
#define APP_CHECK_CHECK_MEMORY_H

#include "vantage/ledger/memory.h"

/*
 * What a check knows beforehand (vantage/ledger/memory.h), on disk:
 *
 *   the state of `run`  only read. With --state: that of this directory and nothing else. Without:
 *                       that of the installed service, if it is there and may be read
 *   a state of its own  of earlier checks by this user, in $XDG_STATE_HOME/blockwatch (without the
 *                       variable ~/.local/state/blockwatch); replaced as a whole after a check in
 *                       which something has answered. Not with --state or --no-state
 *
 * A state of its own that is damaged, or cannot be read or written, gives one warning, and the
 * check goes on.
 */
#define CHECK_MEMORY_SERVICE "/var/lib/blockwatch"

struct check_memory_config {
	const char *state; /* --state, or NULL */
	bool off;          /* --no-state */
	/* From the environment, or NULL: */
	const char *state_home; /* XDG_STATE_HOME */
	const char *home;       /* HOME */
	const char *service;    /* the directory of the installed service */
};

/* With what --state and --no-state say, and the environment. */
struct check_memory_config check_memory_config(const char *state, bool off);

struct check_memory {
	struct memory memory;
	char *own;   /* the directory to save to; NULL: nothing is saved */
	bool warned; /* about it */
};

/*
 * Reads what is known of the blocks of ROSTER. Returns 0; -ENOMEM; or, with --state, BW_ERR_MISSING
 * where no state is, and what state_file_peek() returns. Call check_memory_close() in all cases.
 */
int check_memory_open(struct check_memory *memory, const struct check_memory_config *config,
		      const struct roster *roster, struct bw_wall now, struct bw_err *err);

/* Adds what the ledger of a check has learned since BEGAN, and saves it. */
void check_memory_learn(struct check_memory *memory, const struct ledger *ledger,
			struct bw_mono began);

void check_memory_close(struct check_memory *memory);

#endif
