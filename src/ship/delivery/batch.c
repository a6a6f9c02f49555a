/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/delivery/batch.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int batch_init(struct batch *batch)
{
	*batch = (struct batch){
		.bytes = malloc(BATCH_BYTES),
		.lines = malloc(BATCH_LINES * sizeof(batch->lines[0])),
	};
	if (batch->bytes && batch->lines)
		return 0;
	batch_fini(batch);
	return -ENOMEM;
}

void batch_fini(struct batch *batch)
{
	free(batch->bytes);
	free(batch->lines);
	*batch = (struct batch){0};
}

bool batch_has_room(const struct batch *batch, size_t length)
{
	return batch->count < BATCH_LINES && batch->length + length <= BATCH_BYTES;
}

void batch_add(struct batch *batch, const char *line, size_t length)
{
	assert(batch_has_room(batch, length));
	memcpy(batch->bytes + batch->length, line, length);
	batch->lines[batch->count++] =
		(struct batch_line){(uint32_t)batch->length, (uint32_t)length};
	batch->length += length;
}

void batch_keep(struct batch *batch, const bool *keep)
{
	size_t count = batch->count;

	batch_clear(batch);
	for (size_t i = 0; i < count; i++) {
		struct batch_line line = batch->lines[i];

		if (!keep[i])
			continue;
		memmove(batch->bytes + batch->length, batch->bytes + line.offset, line.length);
		batch->lines[batch->count++] =
			(struct batch_line){(uint32_t)batch->length, line.length};
		batch->length += line.length;
	}
}

void batch_clear(struct batch *batch)
{
	batch->length = 0;
	batch->count = 0;
}

const char *batch_slice_bytes(const struct batch_slice *slice, size_t *ret_length)
{
	const struct batch *batch = slice->batch;
	size_t end = slice->first + slice->count;
	size_t from =
		slice->first < batch->count ? batch->lines[slice->first].offset : batch->length;

	*ret_length = (end < batch->count ? batch->lines[end].offset : batch->length) - from;
	return batch->bytes + from;
}

const char *batch_slice_line(const struct batch_slice *slice, size_t n, size_t *ret_length)
{
	const struct batch_line *line = &slice->batch->lines[slice->first + n];

	*ret_length = line->length;
	return slice->batch->bytes + line->offset;
}
