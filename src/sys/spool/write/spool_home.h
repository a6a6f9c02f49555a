/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_HOME_H
#define SYS_SPOOL_WRITE_SPOOL_HOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <blockwatch/err.h>

#include "sys/spool/spool_id.h"

/*
 * The folder of the spool: STATE_DIRECTORY/spool with the segments, "spool.json" (the id of the
 * spool), "positions" and "refused". `run` makes it. Only `run` writes in it, except in the last
 * two, which belong to who ships. The folder is closed to others than its owner and group; within
 * it, who ships reads everything (SPOOL_FILE_MODE, whatever the umask is).
 */
#define SPOOL_PATH_TEXT 4352
#define SPOOL_FILE_MODE 0644

struct spool_home {
	char path[4200];
	char id[SPOOL_ID_TEXT];
};

/* Who ships, if it is another user than this process. Only root can give files to it. */
struct spool_owner {
	bool is_other;
	uid_t uid;
	gid_t gid;
};

/*
 * Opens the folder in DIRECTORY, or makes what is missing of it (not DIRECTORY itself). Files
 * that an unfinished rewrite left behind are removed. Returns 0, or -errno with the path.
 */
int spool_home_open(const char *directory, const struct spool_owner *owner,
		    struct spool_home *ret_home, struct bw_err *err);

/*
 * The numbers of all segments, in order. Owned by the caller (free()). Other files are passed over.
 * Returns 0, -ENOMEM or -errno.
 */
int spool_home_list(const struct spool_home *home, uint64_t **ret_numbers, size_t *ret_count);

/* The paths of a segment and its index. Return PATH. */
char *spool_home_segment(const struct spool_home *home, uint64_t number,
			 char path[SPOOL_PATH_TEXT]);
char *spool_home_index(const struct spool_home *home, uint64_t number, char path[SPOOL_PATH_TEXT]);

#endif
