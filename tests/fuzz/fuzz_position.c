/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Positions of sinks: whatever the bytes, no fault; what is accepted is written and read again
 * as the same.
 */
#include <assert.h>
#include <string.h>

#include "ship/position.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct position position, again;
	struct bw_err err = {0};
	char text[POSITION_TEXT], more[POSITION_TEXT];
	int code = position_decode((const char *)data, size, &position, &err), length;

	if (code < 0) {
		assert(err.code == code && err.message[0]);
		return 0;
	}
	length = position_encode(&position, text, sizeof(text));
	if (length < 0)
		return 0;
	assert(position_decode(text, (size_t)length, &again, NULL) == 0);
	assert(position_encode(&again, more, sizeof(more)) == length);
	assert(memcmp(text, more, (size_t)length) == 0);
	return 0;
}
