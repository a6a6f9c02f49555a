/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_RX_UNPACK_H
#define SYS_RX_UNPACK_H

#include <stdbool.h>
#include <stdio.h>

#include <blockwatch/err.h>

/*
 * Compressed files (gzip, zstd, xz), by their first bytes. The program of that name unpacks
 * them into a temporary file without a name.
 */
struct unpacked {
	FILE *file;          /* owned by the caller; NULL: it is not compressed */
	const char *program; /* that unpacked it */
	bool failed;         /* it ended in an error: the file has what came before */
};

/*
 * Looks at the file behind FD, which can be read at any place, and unpacks it. Returns 0;
 * BW_ERR_UNAVAILABLE when the program is not installed or there is no temporary file; -errno.
 * Waits for the program to end.
 */
int unpack(int fd, struct unpacked *ret_unpacked, struct bw_err *err);

#endif
