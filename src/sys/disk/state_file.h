/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_STATE_FILE_H
#define SYS_DISK_STATE_FILE_H

#include <stdio.h>

#include "report/state/state_read.h"

/*
 * The state of a vantage on disk: one file in the state directory, replaced as a
 * whole. A crash, a full disk or a power cut at any moment leaves the former
 * state or the new one. Only the owner may read it.
 */
#define STATE_FILE_NAME "state.jsonl"
#define STATE_FILE_MAX (INT64_C(4) << 30) /* bytes that are loaded */

struct state_file;

/*
 * Opens the state directory and makes it (0700) when it is missing; its parent
 * must be there. Called as the user that the process will stay. What a run that
 * was killed while saving has left is removed. Returns 0, -ENOMEM, or with a
 * message -errno (no parent, no folder, not to be written).
 */
int state_file_open(const char *directory, struct state_file **ret_file, struct bw_err *err);
void state_file_close(struct state_file *file);

/*
 * Hands what was saved to the handlers as state_read() does. Returns 1; 0 when
 * nothing has been saved yet; BW_ERR_SYNTAX or BW_ERR_VALUE when the file is of
 * no use (a handler may say so too): then it has been set aside as
 * STATE_FILE_NAME.damaged-<UTC time>, the message says why and where it is, and
 * the caller goes on as if there were none. Any other failure (-errno,
 * BW_ERR_LIMIT, what a handler returned) leaves the file where it is: saving over
 * it would destroy what may be good.
 */
int state_file_load(struct state_file *file, const struct state_handlers *handlers,
		    struct bw_wall now, struct bw_err *err);

/*
 * Saving: begin, write to *RET_OUT (borrowed), commit. WRITTEN is what the
 * writing gave; when it is negative, ERR has its message and nothing is replaced.
 * Until commit has renamed the new file the former state stays as it is, and
 * after any failure too; the message says so. Commit waits for the disk: it
 * touches only FILE and ERR and may run on another thread while nobody else does.
 * Each returns 0, -errno, or WRITTEN. To begin again, or to close, drops what was
 * not committed.
 */
int state_file_begin(struct state_file *file, FILE **ret_out, struct bw_err *err);
int state_file_commit(struct state_file *file, int written, struct bw_err *err);

#endif
