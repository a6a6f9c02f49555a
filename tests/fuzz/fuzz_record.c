/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of records: no bytes make a fault, what is refused is said, and what is accepted
 * can be written, read again, and is then the same to the last byte. A line is the same
 * record, or has the same flaw, whether it is read fast or not.
 */
#include <assert.h>
#include <stdlib.h>
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

#define MARK "\xef\xbb\xbf" /* a byte order mark is skipped, and with one no text is read fast */

static int decode_slowly(const uint8_t *data, size_t size, struct record_memory *memory,
			 struct record *record, struct bw_err *err)
{
	char *line = malloc(sizeof(MARK) + size);
	int code;

	assert(line);
	memcpy(line, MARK, sizeof(MARK));
	if (size > 0)
		memcpy(line + sizeof(MARK) - 1, data, size);
	code = record_decode(line, sizeof(MARK) - 1 + size, "line", memory, record, err);
	free(line); /* a record points into its memory alone */
	return code;
}

static void check_same(const struct record *a, const struct record *b)
{
	char first[RECORD_LINE_MAX], second[RECORD_LINE_MAX];
	int length = record_encode(a, first, sizeof(first));
	int same = record_encode(b, second, sizeof(second));

	assert(length == same);
	assert(length < 0 || memcmp(first, second, (size_t)length) == 0);
	(void)same;
}

static void check_slowly(const uint8_t *data, size_t size, int code, const struct record *record,
			 const struct bw_err *err)
{
	struct record_memory memory = {0};
	struct bw_err slow = {0};
	struct record again;
	int same = decode_slowly(data, size, &memory, &again, &slow);

	assert(same == code);
	if (code == 0)
		check_same(record, &again);
	else
		assert(memcmp(err, &slow, sizeof(slow)) == 0);
	record_memory_fini(&memory);
	(void)same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record_memory memory = {0};
	struct bw_err err = {0};
	struct record record;
	int code = record_decode((const char *)data, size, "line", &memory, &record, &err);

	if (size < 3 || memcmp(data, MARK, 3) != 0)
		check_slowly(data, size, code, &record, &err);
	if (code == 0)
		check_again(&record);
	else
		assert(code < 0 && err.code == code && err.message[0] && err.file[0]);
	record_memory_fini(&memory);
	return 0;
}
