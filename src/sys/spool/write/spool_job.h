/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_WRITE_SPOOL_JOB_H
#define SYS_SPOOL_WRITE_SPOOL_JOB_H

#include "ship/spool/spool_group.h"
#include "sys/spool/write/spool_home.h"

/*
 * Work on one segment that waits for the disk. It is done in another thread, and uses nothing but
 * what the job holds.
 */
enum spool_job_kind {
	SPOOL_JOB_SYNC,    /* the bytes go to the disk, then the index says so */
	SPOOL_JOB_DELETE,  /* the segment goes */
	SPOOL_JOB_REWRITE, /* the segment is replaced by one without records of `types` */
};

struct spool_job {
	enum spool_job_kind kind;
	uint64_t number;
	struct spool_home home;
	int fd;      /* of SYNC: of the segment; owned by the job */
	bool is_new; /* the folder goes to the disk as well */
	char *index; /* of SYNC: lines of the index to add; owned by the job */
	size_t index_length;
	unsigned types;   /* of REWRITE: set of 1 << enum spool_type */
	uint64_t reserve; /* of DELETE and REWRITE: bytes of the reserve (spool_reserve.h) */
	/* Results: */
	int error;                 /* 0 or -errno; then nothing was changed */
	struct spool_group all;    /* of REWRITE: what is left, from offset 0 */
	struct spool_sums dropped; /* of REWRITE */
	/* For who gives it: */
	struct spool_job *next;
	void *owner;
};

/* NULL: out of memory. */
struct spool_job *spool_job_new(enum spool_job_kind kind, const struct spool_home *home,
				uint64_t number);
void spool_job_free(struct spool_job *job); /* accepts NULL */

/* Does it. */
void spool_job_run(struct spool_job *job);

/*
 * Adds lines to the index of a segment; an index that is not there yet begins with INDEX_HEAD.
 * Returns 0 or -errno. Nothing depends on it: an index that lacks lines is completed at the next
 * start.
 */
int spool_job_add_index(const struct spool_home *home, uint64_t number, const char *lines,
			size_t length);

#endif
