/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_losses.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static uint64_t all_of(const struct spool_losses *losses)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < SPOOL_TYPES; i++)
		all += losses->dropped[i];
	return all;
}

static void tell(struct spool_losses *losses, struct bw_err *news, const char *path)
{
	bw_err_place(news, path, 0, 0, NULL);
	spool_told_add(&losses->told, news);
}

bool spool_losses_is_full_disk(int error)
{
	return error == -ENOSPC || error == -EDQUOT;
}

void spool_losses_fail(struct spool_losses *losses, int error, const char *path,
		       const struct bw_err *cause)
{
	struct bw_err news;

	if (losses->error == 0) {
		bw_err_set(&news, error,
			   "the spool cannot be written, events wait in memory and other records "
			   "are dropped%s: %s",
			   spool_losses_is_full_disk(error) ? ", the older ones first" : "",
			   cause ? cause->message : strerror(-error));
		tell(losses, &news, cause && cause->file[0] ? cause->file : path);
		losses->before = all_of(losses);
	}
	losses->error = error;
}

void spool_losses_recover(struct spool_losses *losses, const char *path)
{
	struct bw_err news;

	if (losses->error == 0)
		return;
	losses->error = 0;
	bw_err_set(&news, -EIO, "the spool is written again, %" PRIu64 " records were dropped",
		   all_of(losses) - losses->before);
	tell(losses, &news, path);
}

void spool_losses_limit(struct spool_losses *losses, const struct plan_step *step, const char *path)
{
	bool *told = step->for_age ? &losses->told_age : &losses->told_full;
	struct bw_err news;
	unsigned type = 0;

	if (*told)
		return;
	*told = true;
	while (type + 1 < SPOOL_TYPES && !(step->types & 1U << type))
		type++;
	if (step->for_age)
		bw_err_set(&news, BW_ERR_LIMIT,
			   "records are older than \"age\" and not delivered: all but events are "
			   "dropped");
	else
		bw_err_set(&news, BW_ERR_LIMIT, "the spool is full: records of type %s are dropped",
			   spool_type_name(type));
	tell(losses, &news, path);
}

void spool_losses_has_room(struct spool_losses *losses)
{
	losses->told_full = losses->told_age = false;
}

void spool_losses_upkeep(struct spool_losses *losses, int error, const char *path)
{
	struct bw_err news;

	if (losses->told_upkeep)
		return;
	losses->told_upkeep = true;
	bw_err_set(&news, error, "cannot make it smaller: %s", strerror(-error));
	tell(losses, &news, path);
}

void spool_losses_count(struct spool_losses *losses, const struct spool_sums *sums)
{
	losses->told_upkeep = false;
	for (unsigned i = 0; i < SPOOL_TYPES; i++)
		losses->dropped[i] += sums->records[i];
}
