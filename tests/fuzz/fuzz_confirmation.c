/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Confirmations of collectors, which anybody on the bus can send: whatever the bytes, no fault;
 * what is accepted is written and read again as the same.
 */
#include <assert.h>
#include <string.h>

#include "ship/format/confirmation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct confirmation confirmation, again;
	char text[CONFIRMATION_TEXT];
	int length;

	if (confirmation_decode((const char *)data, size, &confirmation) < 0)
		return 0;
	length = confirmation_encode(&confirmation, text, sizeof(text));
	if (length < 0)
		return 0;
	assert(confirmation_decode(text, (size_t)length, &again) == 0);
	assert(memcmp(&again, &confirmation, sizeof(again)) == 0);
	return 0;
}
