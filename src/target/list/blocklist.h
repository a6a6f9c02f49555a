/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BLOCKLIST_H
#define TARGET_BLOCKLIST_H

#include <stddef.h>

#include <blockwatch/err.h>

struct prefix_set;

/*
 * Adds a block list (a plain list, see target/lines.h; duplicates and overlaps are
 * fine, an empty one too) to SET, which the caller seals; the value of each
 * prefix is its line. Returns how many entries there were, -ENOMEM, or what
 * lines_next() says. A list with an error in it adds nothing that can be relied on:
 * the caller must not probe.
 */
int blocklist_parse(const char *bytes, size_t length, const char *file_name,
		    struct prefix_set *set, struct bw_err *err);

/* The same from a file; also what file_read() says. */
int blocklist_read(const char *path, struct prefix_set *set, struct bw_err *err);

#endif
