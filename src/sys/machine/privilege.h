/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_MACHINE_PRIVILEGE_H
#define SYS_MACHINE_PRIVILEGE_H

#include <stdbool.h>

#include <blockwatch/err.h>

/*
 * What this process may do. Probing needs CAP_NET_RAW and nothing else: for
 * capture, for raw sockets, for binding to an interface.
 */

/* Before trying: 0, or as privilege_error() when CAP_NET_RAW is not effective. */
int privilege_check(struct bw_err *err);

/* True for the errors with which the system refuses a raw socket or a capture. */
bool privilege_is_missing(int code);

/*
 * After trying: one line that names the three fixes (root, setcap, the systemd
 * unit); or, when the capability is there and the system refuses all the same,
 * that says so. Returns BW_ERR_PRIVILEGE.
 */
int privilege_error(struct bw_err *err);

/*
 * Becomes USER (a name or a number) for good, with its group and no other one. Of all
 * capabilities CAP_NET_RAW stays, if it was there: sockets can be opened before and
 * after. Must come before the first thread. Who is USER already stays as it is.
 * Returns 0; BW_ERR_VALUE for an unknown user; BW_ERR_PRIVILEGE for all that the
 * system refuses (the process may then be half way, and should end).
 */
int privilege_become(const char *user, struct bw_err *err);

#endif
