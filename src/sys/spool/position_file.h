/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_POSITION_FILE_H
#define SYS_SPOOL_POSITION_FILE_H

#include "ship/position.h"

/*
 * Positions of sinks on the disk: `positions/NAME.json` in the folder of the spool, replaced as a
 * whole. FOLDER is a descriptor of the spool's folder.
 */

/*
 * Reads one. Returns 0; BW_ERR_MISSING when there is none; what position_decode() returns for one
 * that is damaged; -errno; with a message.
 */
int position_file_read(int folder, const char *sink, struct position *ret_position,
		       struct bw_err *err);

/* Writes it, and hands it to the disk. Returns 0, BW_ERR_LIMIT or -errno, with a message. */
int position_file_write(int folder, const struct position *position, struct bw_err *err);

/*
 * Makes sure that no other `ship` works on this spool, until *RET_FD is closed. Returns 0;
 * BW_ERR_UNAVAILABLE when another one does; -errno; with a message.
 */
int position_file_lock(int folder, int *ret_fd, struct bw_err *err);

#endif
