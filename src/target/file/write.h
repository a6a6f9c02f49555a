/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_WRITE_H
#define TARGET_WRITE_H

#include <blockwatch/target.h>

/*
 * The target as the text of a target file, which target_parse() can read. It has no names
 * and sources of hosts, and no sources of networks, because a target does not keep them.
 * The hosts of a plain list count as known hosts after that. A name that is not valid in a
 * file (a prefix from the command line) is left out. INDENT: one value a line, else all on
 * one line; no newline at the end. Owned by the caller; NULL: out of memory.
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
