/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of receivers and bytes of a spool: whatever they are, no fault; a verdict has a reason,
 * and a cursor comes to the end. The first byte chooses framing and status.
 */
#include <assert.h>
#include <string.h>

#include "ship/format/answer.h"
#include "ship/read/cursor.h"
#include "ship/read/sound.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES 4

static void check_answer(uint8_t choice, const char *body, size_t length)
{
	static const int statuses[] = {200, 204, 400, 401, 413, 429, 503, 302};
	const struct answer answer = {
		.status = statuses[choice % 8], .body = body, .length = length};
	uint8_t items[LINES];
	struct answer_verdict verdict = {.items = items, .count = LINES};

	memset(items, 0xff, sizeof(items));
	answer_judge(&answer, (enum framing)(choice / 8 % FRAMINGS), &verdict);
	assert(verdict.kind == ANSWER_STORED || (verdict.text[0] && verdict.failure < FAILURES));
	assert(strlen(verdict.text) < sizeof(verdict.text));
	for (int i = 0; i < LINES && verdict.kind == ANSWER_ITEMS; i++)
		assert(items[i] <= ANSWER_ITEM_ASIDE);
}

static void check_lines(const char *bytes, size_t length)
{
	struct cursor_found found;

	do {
		cursor_next(bytes, length, &found);
		assert(found.length <= length && (found.length > 0 || found.kind == CURSOR_MORE));
		if (found.kind == CURSOR_LINE)
			sound_is_object(bytes, found.length - 1);
		bytes += found.length;
		length -= found.length;
	} while (found.kind != CURSOR_MORE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	check_answer(data[0], (const char *)data + 1, size - 1);
	check_lines((const char *)data, size);
	return 0;
}
