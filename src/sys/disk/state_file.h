/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DISK_STATE_FILE_H
#define SYS_DISK_STATE_FILE_H

#include <stdio.h>

#include "report/state/state_read.h"

/*
 * The state of a vantage on disk: one file in the state directory, which is replaced as a
 * whole. After a crash, a full disk or a power cut at any moment there is the former state
 * or the new one. Only the owner can read it.
 */
#define STATE_FILE_NAME "state.jsonl"
#define STATE_FILE_MAX (INT64_C(4) << 30) /* bytes that are loaded */

struct state_file;

/*
 * Opens the state directory, or creates it (0700) in a folder that exists. Call it after the
 * last change of user. Returns 0, -ENOMEM, or -errno with a message (no parent, no folder,
 * not writable).
 */
int state_file_open(const char *directory, struct state_file **ret_file, struct bw_err *err);
void state_file_close(struct state_file *file);

/*
 * Locks the state directory (flock) until the file is closed, so that no second process
 * saves there. Call it before the first save. Removes an unfinished file of a process that
 * was killed. On a file system without locks nothing is locked. Returns 0, or
 * BW_ERR_UNAVAILABLE with a message when another process has the lock.
 */
int state_file_lock(struct state_file *file, struct bw_err *err);

/*
 * The same, but waits up to a second for a process that is about to give the lock up. Uses
 * SIGALRM: only for a process with one thread that does not use it otherwise.
 */
int state_file_lock_soon(struct state_file *file, struct bw_err *err);

/*
 * Passes the saved state to the handlers, as state_read() does. Returns 1, or 0 when
 * nothing was saved yet. BW_ERR_SYNTAX or BW_ERR_VALUE, which a handler may return too: the
 * file is damaged and was set aside as STATE_FILE_NAME.damaged-<UTC time>; the message
 * says why and where, and the caller continues without a state. After any other error
 * (-errno, BW_ERR_LIMIT, one of a handler) the file stays in place, and must not be
 * overwritten: it may be intact.
 */
int state_file_load(struct state_file *file, const struct state_handlers *handlers,
		    struct bw_wall now, struct bw_err *err);

/*
 * Passes the state in DIRECTORY to the handlers without any lock, and changes nothing there: the
 * directory may be that of a running daemon, which replaces its file as a whole. OWN: a folder or
 * file of another user, or that others may write to, is refused (-EPERM). Returns 1; 0 when no
 * folder or no state is there; -errno, BW_ERR_LIMIT or what state_read() returns, with a message.
 */
int state_file_peek(const char *directory, bool own, const struct state_handlers *handlers,
		    struct bw_err *err);

/* Returns 0, or -EPERM with a message when the directory is not ours alone to write to. */
int state_file_check_own(const struct state_file *file, struct bw_err *err);

/*
 * To save: begin, write to *RET_OUT (borrowed), commit. WRITTEN is the result of the
 * writer; if it is negative, ERR holds its message and nothing is replaced. The former
 * state stays until commit has renamed the new file, and after every error; the message
 * says so. Commit blocks until the data is on the disk; it uses FILE and ERR only, and may
 * run in another thread. Each returns 0, -errno or WRITTEN. Another begin, or close, drops
 * what was not committed.
 */
int state_file_begin(struct state_file *file, FILE **ret_out, struct bw_err *err);
int state_file_commit(struct state_file *file, int written, struct bw_err *err);

#endif
