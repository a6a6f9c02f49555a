/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_WAITING_H
#define SYS_SPOOL_WRITE_SPOOL_WAITING_H

#include <stdbool.h>

#include "ship/spool/spool_group.h"

/* Events that wait in memory until the spool can be written, in their order. */
struct spool_waiting {
	struct spool_waiting_line *first, **end;
	size_t bytes;
	uint64_t count;
};

void spool_waiting_init(struct spool_waiting *waiting);
void spool_waiting_fini(struct spool_waiting *waiting);

/* Keeps a copy of the line, unless MAX bytes would be exceeded. Returns false if it is not kept. */
bool spool_waiting_add(struct spool_waiting *waiting, const struct spool_line *line, size_t max);

/* The first line, valid until it is removed. False: none waits. */
bool spool_waiting_first(const struct spool_waiting *waiting, struct spool_line *ret_line);
void spool_waiting_remove(struct spool_waiting *waiting);

#endif
