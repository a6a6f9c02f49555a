/* SPDX-License-Identifier: Apache-2.0 */
#include "json/scan.h"

#include <string.h>

#include "json/refuse.h"

#define OTHER_FORM "not in the form in which it is written"

#define WHOLE_DIGITS 7 /* of a decimal: with its fraction it is exact in a double */
#define FRACTION_DIGITS 6

void scan_init(struct scan *scan, const char *line, size_t length)
{
	*scan = (struct scan){.from = line, .at = line, .end = line + length};
	scan_take(scan, '{');
}

int scan_column(const struct scan *scan)
{
	return (int)(scan->at - scan->from) + 1;
}

void scan_fail(struct scan *scan, const char *why)
{
	if (!scan->why)
		scan->why = why;
}

bool scan_is(struct scan *scan, char character)
{
	if (scan->why || scan->at == scan->end || *scan->at != character)
		return false;
	scan->at++;
	return true;
}

void scan_take(struct scan *scan, char character)
{
	if (!scan_is(scan, character))
		scan_fail(scan, OTHER_FORM);
}

/* Takes exactly these bytes, if they come next. */
static bool take_bytes(const char **at, const char *end, const char *bytes, size_t length)
{
	if ((size_t)(end - *at) < length || memcmp(*at, bytes, length) != 0)
		return false;
	*at += length;
	return true;
}

bool scan_has(struct scan *scan, const char *key)
{
	const char *at = scan->at;

	if (scan->why)
		return false;
	if (at[-1] != '{' && !take_bytes(&at, scan->end, ",", 1))
		return false;
	if (!take_bytes(&at, scan->end, "\"", 1) ||
	    !take_bytes(&at, scan->end, key, strlen(key)) ||
	    !take_bytes(&at, scan->end, "\":", 2))
		return false;
	scan->at = at;
	scan->key = key;
	return true;
}

void scan_want(struct scan *scan, const char *key)
{
	if (scan_has(scan, key) || scan->why)
		return;
	scan->key = key;
	scan_fail(scan, "missing, or not in its place");
}

void scan_open(struct scan *scan)
{
	scan->object = scan->key;
	scan_take(scan, '{');
}

/* What stands there instead is a member that is not known, or not in its place. */
static void close_object(struct scan *scan)
{
	if (scan_is(scan, '}') || scan->why)
		return;
	scan->key = NULL;
	scan_fail(scan, "here is something that is not known, or not in its place");
}

void scan_close(struct scan *scan)
{
	close_object(scan);
	if (!scan->why)
		scan->object = NULL;
}

void scan_end(struct scan *scan)
{
	close_object(scan);
	scan_take(scan, '\n');
	if (!scan->why && scan->at != scan->end)
		scan_fail(scan, OTHER_FORM);
}

static bool is_digit(const struct scan *scan)
{
	return !scan->why && scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9';
}

int64_t scan_integer(struct scan *scan, int64_t max)
{
	int64_t value = 0;
	const char *from = scan->at;

	while (is_digit(scan)) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *scan->at - '0', &value) || value > max)
			scan_fail(scan, REFUSE_RANGE);
		scan->at++;
	}
	if (scan->at == from || (*from == '0' && scan->at > from + 1))
		scan_fail(scan, REFUSE_WHOLE);
	return scan->why ? 0 : value;
}

/* Adds up to MAX digits to *VALUE; returns how many. */
static unsigned take_digits(struct scan *scan, unsigned max, int64_t *value)
{
	unsigned count = 0;

	for (; count < max && is_digit(scan); count++)
		*value = *value * 10 + (*scan->at++ - '0');
	return count;
}

double scan_decimal(struct scan *scan)
{
	bool negative = scan_is(scan, '-');
	const char *from = scan->at;
	int64_t value = 0;
	unsigned whole = take_digits(scan, WHOLE_DIGITS, &value), fraction = 0;
	bool point = scan_is(scan, '.');

	if (point)
		fraction = take_digits(scan, FRACTION_DIGITS, &value);
	if (whole == 0 || (whole > 1 && *from == '0') || (point && fraction == 0) ||
	    is_digit(scan))
		scan_fail(scan, "must be a number with at most 6 decimals");
	for (; fraction < FRACTION_DIGITS; fraction++)
		value *= 10;
	if (scan->why)
		return 0;
	return (double)(negative ? -value : value) / 1e6;
}

bool scan_true(struct scan *scan)
{
	if (!scan->why && take_bytes(&scan->at, scan->end, "true", 4))
		return true;
	scan_fail(scan, REFUSE_TRUE);
	return false;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What stands behind a backslash; 0 when it is none of the writer's escapes. */
static char take_escape(struct scan *scan)
{
	static const char letters[] = "\"\\bfnrt", characters[] = "\"\\\b\f\n\r\t";
	const char *letter;
	int high, low;

	if (scan->at == scan->end || *scan->at == '\0')
		return 0;
	letter = strchr(letters, *scan->at++);
	if (letter)
		return characters[letter - letters];
	if (!take_bytes(&scan->at, scan->end, "00", 2) || scan->at[-3] != 'u' ||
	    scan->end - scan->at < 2)
		return 0;
	high = hex_digit(scan->at[0]);
	low = hex_digit(scan->at[1]);
	if (high < 0 || high > 1 || low < 0)
		return 0;
	scan->at += 2;
	return (char)(high << 4 | low);
}

/* One character of a string, not the quote that ends it; 0 for none. */
static char take_character(struct scan *scan)
{
	char c;

	if (scan->at == scan->end)
		return 0;
	c = *scan->at++;
	if (c == '\\')
		return take_escape(scan);
	return (unsigned char)c < 0x20 ? 0 : c;
}

void scan_text(struct scan *scan, char *buffer, size_t size)
{
	size_t length = 0;

	scan_take(scan, '"');
	while (!scan->why && !scan_is(scan, '"')) {
		char c = take_character(scan);

		if (c == 0)
			scan_fail(scan, REFUSE_STRING);
		else if (length + 1 == size)
			scan_fail(scan, REFUSE_LONG);
		else
			buffer[length++] = c;
	}
	buffer[scan->why ? 0 : length] = '\0';
}

void scan_want_text(struct scan *scan, const char *key, char *buffer, size_t size)
{
	scan_want(scan, key);
	scan_text(scan, buffer, size);
}

int64_t scan_want_integer(struct scan *scan, const char *key, int64_t max)
{
	scan_want(scan, key);
	return scan_integer(scan, max);
}

int64_t scan_has_integer(struct scan *scan, const char *key, int64_t max)
{
	return scan_has(scan, key) ? scan_integer(scan, max) : 0;
}

double scan_has_decimal(struct scan *scan, const char *key)
{
	return scan_has(scan, key) ? scan_decimal(scan) : 0;
}

bool scan_has_true(struct scan *scan, const char *key)
{
	return scan_has(scan, key) && scan_true(scan);
}
