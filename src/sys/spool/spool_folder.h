/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_SPOOL_FOLDER_H
#define SYS_SPOOL_SPOOL_FOLDER_H

#include <blockwatch/err.h>

#define SPOOL_FOLDER_PATH 4200

/*
 * Opens STATE_DIRECTORY/spool for `ship`, while it is still root. Makes `positions` and `refused`
 * in it, if they are missing, and as root gives both to USER, who writes to them. Returns 0 with
 * the descriptor of the folder and its path; BW_ERR_MISSING where there is no spool; BW_ERR_VALUE
 * for an unknown user; -errno; with a message.
 */
int spool_folder_open(const char *state_directory, const char *user, int *ret_folder,
		      char path[SPOOL_FOLDER_PATH], struct bw_err *err);

#endif
