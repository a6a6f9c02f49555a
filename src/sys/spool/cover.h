/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_COVER_H
#define SYS_SPOOL_COVER_H

#include "ship/spool/index.h"

/*
 * Looks whether the groups of a segment are as they were written, as far as its index covers them.
 * A flipped bit can leave a line sound and change what it says: only the CRC of its group tells.
 */
struct cover {
	int folder; /* of the spool; borrowed */
	uint64_t segment;
	char *index; /* NULL: none */
	struct index_reader groups;
	struct spool_group group; /* that was looked at last; length 0: none yet */
	bool is_damaged;          /* it */
	uint64_t again;           /* offset from which on the index is read again */
	char *bytes;              /* of the group */
};

void cover_init(struct cover *cover, int folder);
void cover_fini(struct cover *cover);

/* Another segment, or the same one from another place on. */
void cover_begin(struct cover *cover, uint64_t segment);

/*
 * How many bytes from OFFSET on, in the segment that FD is, belong to a group whose bytes are not
 * those that were written though each of its lines is sound; *RET_BYTES are they, borrowed until
 * the next call. 0: no such group is there. A group in which a line is damaged is not meant: this
 * line is set aside alone. OFFSET never goes back between two cover_begin().
 */
size_t cover_damaged(struct cover *cover, int fd, uint64_t offset, const char **ret_bytes);

#endif
