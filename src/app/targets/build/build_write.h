/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_BUILD_WRITE_H
#define APP_TARGETS_BUILD_WRITE_H

#include <stdbool.h>

#include <blockwatch/target.h>

/*
 * Writes a target file to PATH as a whole or not at all; "-" is standard output. A file that is
 * there is replaced if it is a target file of which at least 70 % remain: of its IPv4 addresses,
 * its IPv6 blocks and its hosts. FORCE replaces any. Returns 0; BW_ERR_VALUE for a file that must
 * not be replaced; BW_ERR_UNAVAILABLE when it cannot be written; -ENOMEM.
 */
int build_write(const struct bw_target *target, const char *path, bool force, struct bw_err *err);

#endif
