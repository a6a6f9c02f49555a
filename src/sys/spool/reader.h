/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_READER_H
#define SYS_SPOOL_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ship/delivery/filter.h"
#include "ship/position.h"

/*
 * Reads the lines of a spool that one lane ships, over all segments in their order, and waits at
 * the end for more. It survives what happens to a segment meanwhile: that it is deleted,
 * that a shorter one takes its place, that its last line is torn, that bytes in it are
 * damaged.
 */
struct reader;

/*
 * Hears of bytes that are no record and of lines whose JSON is damaged; borrowed for the call.
 * Of the two lanes of a sink only one hears of each.
 */
typedef void (*reader_damaged)(void *self, const char *bytes, size_t length);

/* FOLDER: the descriptor of the spool's folder; borrowed, as FILTER is. 0 or -ENOMEM. */
int reader_new(int folder, const struct filter *filter, reader_damaged damaged, void *self,
	       struct reader **ret_reader);
void reader_free(struct reader *reader);

/* Reads on behind PLACE. If that cannot be found exactly, a little earlier. */
void reader_seek(struct reader *reader, const struct position_place *place);

/*
 * Whether the place of the last reader_seek() is not in the spool but behind all that is there: in
 * its newest segment, which `run` never rewrites, or in one that was newer.
 */
bool reader_is_ahead(const struct reader *reader);

/*
 * The next line that passes the filter, with its newline; borrowed until the next call. Returns 1,
 * or 0: there is none at present. *RET_END is the place behind all lines that were looked at, also
 * when it returns 0. One call looks at READER_STEP bytes at most: see reader_is_behind().
 */
#define READER_STEP ((size_t)4 << 20)
int reader_next(struct reader *reader, const char **ret_line, size_t *ret_length,
		struct position_place *ret_end);

/* True when the last call ended because it had looked at READER_STEP bytes, not at the end. */
bool reader_is_behind(const struct reader *reader);

/*
 * Why a segment that is there cannot be opened or read: -errno; 0: none is in the way. The reader
 * waits for it, and tries again at each call of reader_next(), because what is behind it comes
 * later.
 */
int reader_error(const struct reader *reader, uint64_t *ret_segment);

#endif
