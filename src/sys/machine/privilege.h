/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_MACHINE_PRIVILEGE_H
#define SYS_MACHINE_PRIVILEGE_H

#include <stdbool.h>

#include <blockwatch/err.h>

/*
 * The privileges of this process. Probing needs CAP_NET_RAW alone: for captures, for raw
 * sockets and for binding to an interface.
 */

/* Before the first attempt. Returns 0, or as privilege_error() without CAP_NET_RAW. */
int privilege_check(struct bw_err *err);

/* True for the errors with which the system refuses a raw socket or a capture. */
bool privilege_is_missing(int code);

/*
 * After a failed attempt. The message names the three remedies (root, setcap, the systemd
 * unit); when the process has the capability and the system still refuses, it says that.
 * Returns BW_ERR_PRIVILEGE.
 */
int privilege_error(struct bw_err *err);

/*
 * Becomes USER (a name or a number) for good, with the group of USER and no other. Of the
 * capabilities only CAP_NET_RAW is kept, so that sockets can be opened later. Call it
 * before the first thread starts. Changes nothing if the process runs as USER already.
 * Returns 0; BW_ERR_VALUE for an unknown user; BW_ERR_PRIVILEGE when the system refuses,
 * after which the process should end, since some of the changes may have been made.
 */
int privilege_become(const char *user, struct bw_err *err);

/*
 * For a process that needs no privilege at all: as root becomes USER for good, with its group and
 * no other (NULL: stays root); gives up every capability in any case. Returns as
 * privilege_become().
 */
int privilege_give_up(const char *user, struct bw_err *err);

/* The numbers of USER. Returns 0 or BW_ERR_VALUE. */
int privilege_numbers(const char *user, unsigned *ret_uid, unsigned *ret_gid, struct bw_err *err);

/* Whether there is a user of this name or number. Returns 0 or BW_ERR_VALUE. */
int privilege_find(const char *user, struct bw_err *err);

#endif
