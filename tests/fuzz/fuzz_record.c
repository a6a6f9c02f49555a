/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of records: no bytes make a fault, what is refused is said, and what is accepted
 * can be written, read again, and is then the same to the last byte.
 */
#include <assert.h>
#include <string.h>

#include "report/record/decode.h"
#include "report/record/encode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes the record and reads it again; the second line must be the first. */
static void check_again(const struct record *record)
{
	char first[RECORD_LINE_MAX], second[RECORD_LINE_MAX];
	int length = record_encode(record, first, sizeof(first)), same;
	struct record_memory memory = {0};
	struct record again;
	int code;

	if (length == BW_ERR_LIMIT) /* "1e15" is shorter than the digits that it stands for */
		return;
	assert(length > 0);
	code = record_decode(first, (size_t)length, "again", &memory, &again, NULL);
	assert(code == 0);
	same = record_encode(&again, second, sizeof(second));
	assert(same == length && memcmp(first, second, (size_t)length) == 0);
	record_memory_fini(&memory);
	(void)code;
	(void)same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record_memory memory = {0};
	struct bw_err err = {0};
	struct record record;
	int code = record_decode((const char *)data, size, "line", &memory, &record, &err);

	if (code == 0)
		check_again(&record);
	else
		assert(code < 0 && err.code == code && err.message[0] && err.file[0]);
	record_memory_fini(&memory);
	return 0;
}
