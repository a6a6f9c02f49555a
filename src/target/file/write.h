/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_WRITE_H
#define TARGET_WRITE_H

#include <blockwatch/target.h>

/*
 * The target as a target file that target_parse() reads again, without the notes
 * (name and source of hosts) that only readers of the file see. The hosts of a
 * list become known ones by it, and a name that is no name (a prefix from the
 * command line) is left out. With INDENT in lines of its own, else in one line; no
 * newline at the end. Owned by the caller; NULL: out of memory.
 */
char *target_write(const struct bw_target *target, bool indent);

/*
 * One line about a file: {"file":...,"valid":true,"name":...,"title":...,"country":...,
 * "networks":N,"blocks":N,"hosts":N}, or for TARGET NULL what is wrong with it:
 * {"file":...,"valid":false,"line":N,"column":N,"field":...,"message":...}; what is not
 * known is left out. Owned by the caller; NULL: out of memory.
 */
char *target_write_summary(const char *file, const struct bw_target *target,
			   const struct bw_err *err);

#endif
