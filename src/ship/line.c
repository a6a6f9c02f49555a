/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/line.h"

#include <string.h>

#define TARGET ",\"target\":\""
#define SEQ_DIGITS 19 /* more could overflow */

struct scan_at {
	const char *at, *end;
};

static bool take(struct scan_at *scan, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
		return false;
	scan->at += length;
	return true;
}

/* Up to the closing quotation mark, which is taken, too. */
static bool take_text(struct scan_at *scan, struct ship_text *ret_text)
{
	const char *from = scan->at;

	while (scan->at < scan->end && *scan->at != '"') {
		if ((unsigned char)*scan->at < 0x20)
			return false;
		scan->at += *scan->at == '\\' ? 2 : 1;
	}
	if (scan->at >= scan->end)
		return false;
	*ret_text = (struct ship_text){from, (size_t)(scan->at - from)};
	scan->at++;
	return true;
}

static bool take_seq(struct scan_at *scan, uint64_t *ret_seq)
{
	const char *from = scan->at;
	uint64_t seq = 0;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9' &&
	       scan->at - from < SEQ_DIGITS)
		seq = seq * 10 + (uint64_t)(*scan->at++ - '0');
	*ret_seq = seq;
	return scan->at > from && *from != '0';
}

int ship_line_scan(const char *text, size_t length, struct ship_line *ret_line)
{
	struct scan_at scan = {text, text + length};
	struct ship_line line = {.target = {text, 0}};

	if (!take(&scan, SHIP_LINE_MARK) || !take_text(&scan, &line.type) ||
	    !take(&scan, ",\"vantage\":\"") || !take_text(&scan, &line.vantage) ||
	    !take(&scan, ",\"boot\":\"") || !take_text(&scan, &line.boot) ||
	    !take(&scan, ",\"seq\":") || !take_seq(&scan, &line.seq) ||
	    !take(&scan, ",\"time\":\"") || !take_text(&scan, &line.time))
		return BW_ERR_SYNTAX;
	if (take(&scan, TARGET) && !take_text(&scan, &line.target))
		return BW_ERR_SYNTAX;
	*ret_line = line;
	return 0;
}

bool ship_text_is(const struct ship_text *text, const char *word)
{
	return strlen(word) == text->length && memcmp(text->text, word, text->length) == 0;
}

bool ship_text_copy(const struct ship_text *text, char *buffer, size_t size)
{
	bool fits = text->length < size;

	if (fits)
		memcpy(buffer, text->text, text->length);
	buffer[fits ? text->length : 0] = '\0';
	return fits;
}

struct bw_wall ship_line_time(const struct ship_line *line)
{
	char text[BW_WALL_TEXT];
	struct bw_wall time = {0};

	if (!ship_text_copy(&line->time, text, sizeof(text)) || bw_wall_parse(text, &time) < 0)
		return (struct bw_wall){0};
	return time;
}
