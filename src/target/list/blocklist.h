/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BLOCKLIST_H
#define TARGET_BLOCKLIST_H

#include <stddef.h>

#include <blockwatch/err.h>

struct prefix_set;

/*
 * Adds a block list (a plain list, target/list/lines.h) to SET, which the caller seals. The
 * value of each prefix is its line. Words behind an entry are a comment. Duplicates, overlaps
 * and an empty list are no errors. Returns how many prefixes were added, or one of: -ENOMEM;
 * an error of lines_next(). After an error the set is incomplete: the caller must not probe.
 */
int blocklist_parse(const char *bytes, size_t length, const char *file_name,
		    struct prefix_set *set, struct bw_err *err);

/* The same from a file; also what file_read() says. */
int blocklist_read(const char *path, struct prefix_set *set, struct bw_err *err);

#endif
