/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_TOLD_H
#define SYS_SPOOL_WRITE_SPOOL_TOLD_H

#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/err.h>

/* Messages of the spool that wait until they are fetched. What does not fit is left out. */
#define SPOOL_TOLD_MAX 8

struct spool_told {
	struct bw_err list[SPOOL_TOLD_MAX];
	size_t count;
};

void spool_told_add(struct spool_told *told, const struct bw_err *news);

/* The oldest. False: there is none. */
bool spool_told_take(struct spool_told *told, struct bw_err *ret_news);

#endif
