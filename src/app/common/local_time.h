/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_LOCAL_TIME_H
#define APP_COMMON_LOCAL_TIME_H

#include <blockwatch/target.h>
#include <blockwatch/time.h>

/* What clocks show where the targets are, as far as these name a time zone. */
struct local_time {
	struct local_time_zone *list;
	size_t count;
};

#define LOCAL_TIME_TEXT 48

/*
 * Reads the zones of the targets, which are borrowed. A target without a zone, or with one that
 * this machine does not have, has no local time. Starts as {0}; out of memory, it stays so.
 */
void local_time_init(struct local_time *local, const struct bw_target *const *targets,
		     size_t count);
void local_time_fini(struct local_time *local);

/*
 * Writes " (01:15 local)", or " (2014-12-23 01:15 local)" where the day is another than in UTC;
 * "" for a target without a zone, and for NULL. Returns BUFFER.
 */
char *local_time_format(const struct local_time *local, const char *target, struct bw_wall time,
			char buffer[LOCAL_TIME_TEXT]);

#endif
