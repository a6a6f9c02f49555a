/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SURVEY_TARGET_H
#define REPORT_SURVEY_TARGET_H

#include <blockwatch/method.h>
#include <blockwatch/prefix.h>
#include <blockwatch/time.h>

/*
 * Writes the hosts that answered as a target file. Hosts are passed one by one, so that
 * millions of them need no memory: one network a block (/24 or /48), its hosts with their
 * availability.
 */
struct survey_target {
	void *file; /* FILE *, borrowed */
	struct bw_prefix block; /* of the last host; family 0: none */
	uint64_t hosts;
	char day[BW_WALL_TEXT]; /* of the survey: "2026-11-21", the `seen` of each host */
	int error; /* the first: -errno or BW_ERR_LIMIT */
};

struct survey_target_head {
	const struct bw_methods *methods;
	const char *source; /* "blockwatch survey 198.18.0.0/15" */
	struct bw_wall now;
};

/* Begins a target file. FILE is a FILE *, and must stay open until the end. */
void survey_target_begin(struct survey_target *target, void *file,
			 const struct survey_target_head *head);

/* The hosts of a block must follow each other. AVAILABILITY: (0..1]. */
void survey_target_add(struct survey_target *target, const struct bw_addr *host,
		       double availability);

/* Ends it. Returns 0, -errno, or BW_ERR_MISSING when there was no host. */
int survey_target_end(struct survey_target *target);

#endif
