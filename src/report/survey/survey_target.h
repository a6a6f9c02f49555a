/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SURVEY_TARGET_H
#define REPORT_SURVEY_TARGET_H

#include <blockwatch/addr.h>
#include <blockwatch/method.h>
#include <blockwatch/time.h>

/*
 * Writes who answered as a target file, host by host, so that millions of them
 * need no memory: one network a block (/24 or /48), its hosts with their
 * availability. The file appears when it is finished, or not at all.
 */
struct survey_target {
	void *file; /* FILE * */
	char *path, *temporary;
	struct bw_prefix block; /* the open one; family 0: none */
	uint64_t hosts;
	int error;
};

struct survey_target_head {
	const char *path;
	const struct bw_methods *methods;
	const char *source; /* "blockwatch survey 198.18.0.0/15" */
	struct bw_wall now;
};

/*
 * Replaces the file as a whole at its close; what is there and is no regular file
 * (a device, a pipe, a link) is written to instead. Returns 0 or -errno.
 */
int survey_target_open(struct survey_target *target, const struct survey_target_head *head);

/* Hosts of a block must follow each other. AVAILABILITY: (0..1]. */
void survey_target_add(struct survey_target *target, const struct bw_addr *host,
		       double availability);

/*
 * Ends the file and puts it in its place; without a single host there is none,
 * and BW_ERR_MISSING is returned. Else 0 or -errno. Frees all in any case.
 */
int survey_target_close(struct survey_target *target);

#endif
