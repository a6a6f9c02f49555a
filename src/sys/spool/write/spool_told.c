/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_told.h"

#include <string.h>

void spool_told_add(struct spool_told *told, const struct bw_err *news)
{
	if (told->count < SPOOL_TOLD_MAX)
		told->list[told->count++] = *news;
}

bool spool_told_take(struct spool_told *told, struct bw_err *ret_news)
{
	if (told->count == 0)
		return false;
	*ret_news = told->list[0];
	memmove(told->list, told->list + 1, --told->count * sizeof(told->list[0]));
	return true;
}
