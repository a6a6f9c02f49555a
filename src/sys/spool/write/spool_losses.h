/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_LOSSES_H
#define SYS_SPOOL_WRITE_SPOOL_LOSSES_H

#include "ship/spool/plan.h"
#include "sys/spool/write/spool_told.h"

/* What a spool has dropped and why, in numbers and in messages. */
struct spool_losses {
	uint64_t dropped[SPOOL_TYPES];
	int error;       /* why nothing can be written: -errno; 0: it can */
	uint64_t before; /* what was dropped when the error came */
	bool told_full, told_age, told_upkeep;
	struct spool_told told;
};

/* Whether ERROR says that the disk has no room. */
bool spool_losses_is_full_disk(int error);

/* Writing has failed, or works again. PATH is the place; CAUSE, if it is given, has its own. */
void spool_losses_fail(struct spool_losses *losses, int error, const char *path,
		       const struct bw_err *cause);
void spool_losses_recover(struct spool_losses *losses, const char *path);

/* Records go because of STEP. Told once until spool_losses_has_room(). */
void spool_losses_limit(struct spool_losses *losses, const struct plan_step *step,
			const char *path);
void spool_losses_has_room(struct spool_losses *losses);

/* A segment could not be made smaller. Told once until spool_losses_count(). */
void spool_losses_upkeep(struct spool_losses *losses, int error, const char *path);

void spool_losses_count(struct spool_losses *losses, const struct spool_sums *sums);

#endif
