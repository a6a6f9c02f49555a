/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_UPKEEP_STATE_STORE_H
#define APP_RUN_UPKEEP_STATE_STORE_H

#include "app/run/instance.h"
#include "sys/disk/state_file.h"

/*
 * The state of the vantage on disk: loaded at the start, saved after each event and each
 * change of the vantage's health, each STATE_STORE_NS and at the end. A damaged state is
 * set aside with a message; only the history is lost.
 */
struct state_store {
	struct state_file *file; /* NULL: no state is kept */
	uint32_t boots;          /* starts of the daemon with this state, with this one */
	bool healthy;            /* as the last record of the vantage says */
};

#define STATE_STORE_NS (60 * BW_S) /* between two saves at most */

/*
 * Opens and locks DIRECTORY (NULL: no state is kept). Returns 0 or an error of
 * state_file_open() or state_file_lock().
 */
int state_store_open(struct state_store *store, const char *directory, struct bw_err *err);
void state_store_close(struct state_store *store);

/*
 * Gives what was saved to the vantage of INSTANCE, before its first wake. Returns 0 or an
 * error of state_file_load().
 */
int state_store_load(struct state_store *store, const struct instance *instance,
		     struct bw_err *err);

/* Whether RECORD says something that should be saved at once. */
bool state_store_is_urgent(struct state_store *store, const struct record *record);

/* Saves, and logs an error; then the former state stays on disk. */
void state_store_save(struct state_store *store, const struct vantage *vantage);

#endif
