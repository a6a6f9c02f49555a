/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two sorted arrays of ranges, one for countries and one for ASes. Sorted by first address,
 * the wider range first, a range that contains an address is the last one that begins at or
 * before it, or one that encloses that. Each range has the number of the next wider one, so
 * that a search goes outwards only as deep as ranges are nested.
 */
#include "target/list/address_origins.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr/addr_range.h"
#include "base/array.h"
#include "target/file/file.h"

#define NONE UINT32_MAX
#define FIELD_TEXT 64
#define SHOWN_MAX 60

struct origin {
	struct addr_range range;
	uint32_t outer; /* the smallest range that contains it; NONE: none */
	uint32_t value; /* the AS number, or two letters */
};

struct address_origins {
	struct array countries, asns; /* struct origin */
};

struct address_origins *address_origins_new(void)
{
	struct address_origins *origins = calloc(1, sizeof(*origins));

	if (!origins)
		return NULL;
	origins->countries = array_of(sizeof(struct origin));
	origins->asns = array_of(sizeof(struct origin));
	return origins;
}

void address_origins_free(struct address_origins *origins)
{
	if (!origins)
		return;
	array_fini(&origins->countries);
	array_fini(&origins->asns);
	free(origins);
}

struct line {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '"';
}

/* The next field without quotes and blanks around it. False: there is none, or a long one. */
static bool take_field(struct line *line, char text[FIELD_TEXT])
{
	const char *at = line->at, *end;
	size_t length;

	if (at >= line->end)
		return false;
	while (line->at < line->end && *line->at != ',' && *line->at != '\t')
		line->at++;
	end = line->at++;
	while (at < end && is_blank(*at))
		at++;
	while (at < end && is_blank(end[-1]))
		end--;
	length = (size_t)(end - at);
	if (length == 0 || length >= FIELD_TEXT)
		return false;
	memcpy(text, at, length);
	text[length] = '\0';
	return true;
}

static bool parse_number(const char *text, uint32_t *ret_value)
{
	uint64_t value = 0;

	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9' || value > UINT32_MAX)
			return false;
		value = value * 10 + (uint64_t)(*c - '0');
	}
	*ret_value = (uint32_t)value;
	return *text && value <= UINT32_MAX;
}

static bool parse_end(const char *text, struct bw_addr *ret_addr)
{
	uint32_t number;

	if (!parse_number(text, &number))
		return bw_addr_parse(text, ret_addr) == 0;
	*ret_addr = bw_addr_from_v4(number);
	return true;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Whether VALUE is that of an AS or of a country; false where it is neither. */
static bool parse_value(const char *text, bool *ret_is_asn, uint32_t *ret_value)
{
	*ret_is_asn = true;
	if (parse_number(strncmp(text, "AS", 2) == 0 && text[2] ? text + 2 : text, ret_value))
		return true;
	*ret_is_asn = false;
	*ret_value = (uint32_t)(uint8_t)text[0] << 8 | (uint8_t)text[1];
	return strlen(text) == 2 && is_upper(text[0]) && is_upper(text[1]);
}

static int add_line(struct address_origins *origins, struct line line, struct bw_err *err)
{
	const char *start = line.at;
	size_t length = (size_t)(line.end - line.at);
	int shown = length < SHOWN_MAX ? (int)length : SHOWN_MAX;
	char first[FIELD_TEXT], last[FIELD_TEXT], value[FIELD_TEXT];
	struct bw_addr from, to;
	struct origin origin;
	bool is_asn;

	if (!take_field(&line, first) || !take_field(&line, last) || !take_field(&line, value) ||
	    !parse_end(first, &from) || !parse_end(last, &to) ||
	    !parse_value(value, &is_asn, &origin.value))
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "'%.*s' is no range: write START,END,CC or START,END,AS", shown,
				  start);
	if (addr_range_init(&origin.range, &from, &to) < 0)
		return bw_err_set(err, BW_ERR_VALUE, "'%.*s': the range ends before it begins",
				  shown, start);
	origin.outer = NONE;
	return array_add(is_asn ? &origins->asns : &origins->countries, &origin) < 0
		       ? bw_err_set(err, -ENOMEM, "out of memory")
		       : 0;
}

/* Takes the next line without its end and comment. False at the end. */
static bool take_line(const char **at, const char *end, struct line *ret_line)
{
	const char *comment;

	if (*at >= end)
		return false;
	ret_line->at = *at;
	while (*at < end && **at != '\n' && **at != '\r')
		++*at;
	ret_line->end = *at;
	*at += *at < end && **at == '\r' && *at + 1 < end && (*at)[1] == '\n';
	*at += *at < end;
	comment = memchr(ret_line->at, '#', (size_t)(ret_line->end - ret_line->at));
	if (comment)
		ret_line->end = comment;
	while (ret_line->at < ret_line->end && (*ret_line->at == ' ' || *ret_line->at == '\t'))
		ret_line->at++;
	while (ret_line->at < ret_line->end && ret_line->end[-1] == ' ')
		ret_line->end--;
	return true;
}

int address_origins_parse(struct address_origins *origins, const char *bytes, size_t length,
			  const char *file, struct bw_err *err)
{
	const char *at = bytes, *end = bytes + length;
	struct line line;
	int count = 0, code;

	if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	for (uint32_t number = 1; take_line(&at, end, &line); number++) {
		if (line.at == line.end)
			continue;
		code = add_line(origins, line, err);
		if (code < 0) {
			bw_err_place(err, file, number, 0, NULL);
			return code;
		}
		count++;
	}
	return count;
}

int address_origins_read(struct address_origins *origins, const char *path, struct bw_err *err)
{
	char *bytes;
	size_t length;
	int result = file_read(path, &bytes, &length, err);

	if (result < 0)
		return result;
	result = address_origins_parse(origins, bytes, length, path, err);
	free(bytes);
	return result;
}

static int compare(const void *left, const void *right)
{
	const struct origin *a = left, *b = right;
	int order = bw_addr_compare(&a->range.first, &b->range.first);

	return order ? order : bw_addr_compare(&b->range.last, &a->range.last);
}

static bool contains(const struct origin *origin, const struct bw_addr *addr)
{
	return origin->range.first.family == addr->family &&
	       bw_addr_compare(&origin->range.first, addr) <= 0 &&
	       bw_addr_compare(addr, &origin->range.last) <= 0;
}

static void seal(struct array *array)
{
	if (array->count == 0)
		return;
	qsort(array->items, array->count, array->size, compare);
	for (uint32_t n = 1; n < array->count; n++) {
		struct origin *origin = array_at(array, n);
		uint32_t outer = n - 1;

		while (outer != NONE) {
			const struct origin *candidate = array_at(array, outer);

			if (contains(candidate, &origin->range.first))
				break;
			outer = candidate->outer;
		}
		origin->outer = outer;
	}
}

void address_origins_seal(struct address_origins *origins)
{
	seal(&origins->countries);
	seal(&origins->asns);
}

/* The value of the smallest range that contains ADDR. False: none does. */
static bool find(const struct array *array, const struct bw_addr *addr, uint32_t *ret_value)
{
	uint32_t low = 0, high = array->count, number;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct origin *origin = array_at(array, middle);

		if (bw_addr_compare(&origin->range.first, addr) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (number = low ? low - 1 : NONE; number != NONE;) {
		const struct origin *origin = array_at(array, number);

		if (contains(origin, addr)) {
			*ret_value = origin->value;
			return true;
		}
		number = origin->outer;
	}
	return false;
}

void address_origins_find(const struct address_origins *origins, const struct bw_addr *addr,
			  uint32_t *ret_asn, char ret_country[3])
{
	uint32_t value;

	if (!origins)
		return;
	if (find(&origins->asns, addr, &value))
		*ret_asn = value;
	if (find(&origins->countries, addr, &value)) {
		ret_country[0] = (char)(value >> 8);
		ret_country[1] = (char)value;
		ret_country[2] = '\0';
	}
}
