/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/cells.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <blockwatch/time.h>

#include "base/addr/addr_key.h"
#include "base/day.h"

__extension__ typedef unsigned __int128 wide;

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static void strip(struct cell *cell)
{
	while (cell->length > 0 && is_space(*cell->at)) {
		cell->at++;
		cell->length--;
	}
	while (cell->length > 0 && is_space(cell->at[cell->length - 1]))
		cell->length--;
}

/* The end of a cell that begins with a quote: behind the closing one. */
static const char *find_quote(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at != '"')
			continue;
		if (at + 1 == end || at[1] != '"')
			return at + 1;
		at++;
	}
	return end;
}

static const char *find_separator(const char *at, const char *end, char separator)
{
	const char *found;

	if (separator == ' ') {
		while (at < end && !is_space(*at))
			at++;
		return at;
	}
	if (separator == ',' && at < end && *at == '"')
		at = find_quote(at, end);
	found = at < end ? (const char *)memchr(at, separator, (size_t)(end - at)) : NULL;
	return found ? found : end;
}

static void add(struct cells *cells, const char *at, const char *end)
{
	struct cell *cell = &cells->list[cells->count];

	if (cells->count == CELLS_MAX)
		return;
	*cell = (struct cell){at, (size_t)(end - at)};
	strip(cell);
	if (cell->length >= 2 && *cell->at == '"' && cell->at[cell->length - 1] == '"') {
		cell->at++;
		cell->length -= 2;
	}
	cells->count++;
}

void cells_split(const struct text_line *line, char separator, struct cells *ret_cells)
{
	const char *at = line->at, *end = line->at + line->length, *stop;

	ret_cells->count = 0;
	while (separator == ' ' && at < end && is_space(*at))
		at++;
	while (at < end) {
		stop = find_separator(at, end, separator);
		add(ret_cells, at, stop);
		at = stop + (stop < end);
		while (separator == ' ' && at < end && is_space(*at))
			at++;
		if (stop < end && at == end && separator != ' ')
			add(ret_cells, end, end);
	}
}

bool cells_is_blank(const struct text_line *line)
{
	struct cell cell = {line->at, line->length};

	strip(&cell);
	return cell.length == 0 || *cell.at == '#';
}

bool cell_is(const struct cell *cell, const char *text)
{
	return strlen(text) == cell->length && memcmp(cell->at, text, cell->length) == 0;
}

bool cell_is_word(const struct cell *cell, const char *text)
{
	return strlen(text) == cell->length && strncasecmp(cell->at, text, cell->length) == 0;
}

bool cell_number(const struct cell *cell, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (cell->length == 0)
		return false;
	for (size_t i = 0; i < cell->length; i++) {
		unsigned digit = (unsigned)(cell->at[i] - '0');

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > max)
		return false;
	*ret_value = value;
	return true;
}

bool cell_real(const struct cell *cell, double *ret_value)
{
	bool is_negative = cell->length > 0 && *cell->at == '-';
	double value = 0, unit = 1;
	bool is_fraction = false;

	if (cell->length == is_negative)
		return false;
	for (size_t i = is_negative; i < cell->length; i++) {
		unsigned digit = (unsigned)(cell->at[i] - '0');

		if (cell->at[i] == '.' && !is_fraction) {
			is_fraction = true;
			continue;
		}
		if (digit > 9)
			return false;
		value = value * 10 + digit;
		unit *= is_fraction ? 10 : 1;
	}
	*ret_value = (is_negative ? -value : value) / unit;
	return true;
}

bool cell_asn(const struct cell *cell, uint32_t *ret_asn)
{
	struct cell digits = *cell;
	uint64_t value;

	if (digits.length > 2 && strncasecmp(digits.at, "AS", 2) == 0) {
		digits.at += 2;
		digits.length -= 2;
	}
	if (!cell_number(&digits, UINT32_MAX, &value))
		return false;
	*ret_asn = (uint32_t)value;
	return true;
}

bool cell_country(const struct cell *cell, char ret_code[3])
{
	if (cell->length != 2)
		return false;
	for (unsigned i = 0; i < 2; i++) {
		char c = cell->at[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c < 'A' || c > 'Z')
			return false;
		ret_code[i] = c;
	}
	ret_code[2] = '\0';
	return true;
}

static bool copy(const struct cell *cell, char *text, size_t size)
{
	if (cell->length >= size)
		return false;
	memcpy(text, cell->at, cell->length);
	text[cell->length] = '\0';
	return true;
}

bool cell_address(const struct cell *cell, struct bw_addr *ret_addr)
{
	char text[BW_ADDR_TEXT];

	return copy(cell, text, sizeof(text)) && bw_addr_parse(text, ret_addr) == 0;
}

bool cell_address_or_number(const struct cell *cell, struct bw_addr *ret_addr)
{
	wide value = 0, most = ~(wide)0;

	for (size_t i = 0; i < cell->length; i++) {
		unsigned digit = (unsigned)(cell->at[i] - '0');

		if (digit > 9 || value > (most - digit) / 10)
			return cell_address(cell, ret_addr);
		value = value * 10 + digit;
	}
	if (cell->length == 0)
		return false;
	if (value <= UINT32_MAX)
		*ret_addr = bw_addr_from_v4((uint32_t)value);
	else
		*ret_addr =
			addr_key_addr((struct addr_key){(uint64_t)(value >> 64), (uint64_t)value},
				      6);
	return true;
}

bool cell_prefix(const struct cell *cell, struct bw_prefix *ret_prefix)
{
	char text[BW_PREFIX_TEXT];

	return copy(cell, text, sizeof(text)) && strchr(text, '/') &&
	       bw_prefix_parse(text, ret_prefix, NULL) == 0;
}

static bool check_day(const char *day, char ret_day[CELL_DAY])
{
	struct bw_wall time;

	if (day_parse(day, &time) < 0 || time.ns <= 0)
		return false;
	day_format(time, ret_day);
	return true;
}

static bool day_of_seconds(uint64_t seconds, char ret_day[CELL_DAY])
{
	char text[DAY_TEXT];

	while (seconds > 99999999999) /* milliseconds */
		seconds /= 1000;
	if (seconds > INT64_MAX / BW_S)
		return false;
	return check_day(day_format((struct bw_wall){(int64_t)seconds * BW_S}, text), ret_day);
}

bool cell_day(const struct cell *cell, char ret_day[CELL_DAY])
{
	char text[CELL_DAY + 1], day[CELL_DAY + 1];
	uint64_t number;

	if (cell->length >= 10 && cell->at[4] == '-') {
		snprintf(text, sizeof(text), "%.10s", cell->at);
		return check_day(text, ret_day);
	}
	if (!cell_number(cell, UINT64_MAX, &number))
		return false;
	if (cell->length > 8)
		return day_of_seconds(number, ret_day);
	if (cell->length < 8)
		return false;
	snprintf(day, sizeof(day), "%.4s-%.2s-%.2s", cell->at, cell->at + 4, cell->at + 6);
	return check_day(day, ret_day);
}

size_t cell_cut(const struct cell *cell, size_t max)
{
	size_t length = cell->length;

	while (length > max ||
	       (length > 0 && length < cell->length && (cell->at[length] & 0xc0) == 0x80))
		length--;
	return length;
}
