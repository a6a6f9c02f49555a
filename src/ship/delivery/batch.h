/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_DELIVERY_BATCH_H
#define SHIP_DELIVERY_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The lines of one request, one behind the other as they stand in the spool. The memory is
 * allocated once. A batch has room for BATCH_LINES lines and BATCH_BYTES bytes.
 */
#define BATCH_BYTES ((size_t)1 << 20)
#define BATCH_LINES 5000
#define BATCH_LINE_MAX 65536 /* of one line with its newline */

struct batch_line {
	uint32_t offset, length; /* with the newline */
};

struct batch {
	char *bytes;
	size_t length;
	struct batch_line *lines;
	size_t count;
};

/* Returns 0 or -ENOMEM; after an error there is nothing to free. */
int batch_init(struct batch *batch);
void batch_fini(struct batch *batch);

/* Whether a line of this length fits; LENGTH is at most BATCH_LINE_MAX. */
bool batch_has_room(const struct batch *batch, size_t length);

/* Copies a line with its newline in. There must be room. */
void batch_add(struct batch *batch, const char *line, size_t length);

/* Keeps the lines whose KEEP is true, in their order. */
void batch_keep(struct batch *batch, const bool *keep);

void batch_clear(struct batch *batch);

/* A part of a batch: COUNT lines from FIRST on. The bytes of a slice are contiguous. */
struct batch_slice {
	const struct batch *batch;
	size_t first, count;
};

const char *batch_slice_bytes(const struct batch_slice *slice, size_t *ret_length);
const char *batch_slice_line(const struct batch_slice *slice, size_t n, size_t *ret_length);

#endif
