/* SPDX-License-Identifier: Apache-2.0 */
#include "json/fast.h"

#include <errno.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/err.h>

#include "json/utf8.h"

#define VALUES_FIRST 64               /* values: room for most records */
#define EXACT_MAX (UINT64_C(1) << 53) /* below, a double holds each whole number */
#define EXACT_DIGITS 18               /* fit into 64 bits */
#define POWER_MAX 22                  /* 10 to this power is an exact double */

/* A text that is being parsed. The first failure ends it. */
struct parse {
	struct fast *fast;
	const char *at, *end;
	char *put; /* where the next string goes */
	unsigned depth;
	int result;
};

static bool parse_value(struct parse *parse, const char *key, size_t key_length);

static bool leave(struct parse *parse)
{
	if (parse->result == 0)
		parse->result = BW_ERR_SYNTAX;
	return false;
}

static void skip_space(struct parse *parse)
{
	while (parse->at < parse->end && (*parse->at == ' ' || *parse->at == '\n' ||
					  *parse->at == '\t' || *parse->at == '\r'))
		parse->at++;
}

/* Takes one character if it comes next, after space. */
static bool take(struct parse *parse, char character)
{
	skip_space(parse);
	if (parse->at == parse->end || *parse->at != character)
		return false;
	parse->at++;
	return true;
}

/* Room for one more value; NULL: there is none. What pointed to values before is wrong now. */
static struct fast_value *add(struct parse *parse)
{
	struct fast *fast = parse->fast;
	const uint32_t room = fast->room ? 2 * fast->room : VALUES_FIRST;
	struct fast_value *values;

	if (fast->count < fast->room)
		return &fast->values[fast->count++];
	values = room > FAST_VALUES_MAX ? NULL : realloc(fast->values, room * sizeof(*values));
	if (!values) {
		parse->result = room > FAST_VALUES_MAX ? BW_ERR_SYNTAX : -ENOMEM;
		return NULL;
	}
	fast->values = values;
	fast->room = room;
	return &fast->values[fast->count++];
}

/* What stands behind a backslash; 0: it is left to jansson. */
static char escaped(char letter)
{
	static const char letters[] = "\"\\/bfnrt", characters[] = "\"\\/\b\f\n\r\t";
	const char *found = letter ? strchr(letters, letter) : NULL;

	return found ? characters[found - letters] : '\0';
}

/* A string whose opening quote is taken; NULL: it is left. There is room for it. */
static const char *take_string(struct parse *parse, size_t *ret_length)
{
	const char *at = parse->at, *end = parse->end;
	char *from = parse->put, *put = from;
	unsigned char all = 0;

	for (; at < end && *at != '"'; at++) {
		char c = *at;

		if (c == '\\')
			c = ++at < end ? escaped(*at) : '\0';
		else if ((unsigned char)c < 0x20)
			c = '\0';
		if (c == '\0')
			break;
		all |= (unsigned char)c;
		*put++ = c;
	}
	*put = '\0';
	if (at == end || *at != '"' || (all >= 0x80 && !utf8_is_valid(from))) {
		leave(parse);
		return NULL;
	}
	parse->at = at + 1;
	parse->put = put + 1;
	*ret_length = (size_t)(put - from);
	return from;
}

/* Adds digits to *VALUE; returns how many, and more than EXACT_DIGITS for too many. */
static int take_digits(struct parse *parse, uint64_t *value)
{
	const char *from = parse->at;

	for (; parse->at < parse->end && *parse->at >= '0' && *parse->at <= '9'; parse->at++) {
		if (parse->at - from > EXACT_DIGITS)
			break;
		*value = *value * 10 + (uint64_t)(*parse->at - '0');
	}
	return (int)(parse->at - from);
}

static bool is_next(const struct parse *parse, char character)
{
	return parse->at < parse->end && *parse->at == character;
}

/* "e-7": adds to *POWER; false: it is malformed or left to jansson. */
static bool take_exponent(struct parse *parse, int *power)
{
	uint64_t value = 0;
	bool negative;

	if (!is_next(parse, 'e') && !is_next(parse, 'E'))
		return true;
	parse->at++;
	negative = is_next(parse, '-');
	if (negative || is_next(parse, '+'))
		parse->at++;
	if (take_digits(parse, &value) == 0 || value > 2 * POWER_MAX)
		return false;
	*power += negative ? -(int)value : (int)value;
	return true;
}

/*
 * A number of which the digits and the power of ten are exact doubles is exact, or rounded once
 * and thus as strtod() rounds it. Wider registers would round twice.
 */
static bool scale(uint64_t digits, int power, double *ret_number)
{
	static const double powers[POWER_MAX + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
						     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
						     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

	if (digits >= EXACT_MAX || power < -POWER_MAX || power > POWER_MAX ||
	    (power != 0 && FLT_EVAL_METHOD != 0))
		return false;
	*ret_number = power < 0 ? (double)digits / powers[-power] : (double)digits * powers[power];
	return true;
}

static bool parse_number(struct parse *parse, double *ret_number)
{
	const bool negative = is_next(parse, '-');
	const char *from = parse->at += negative;
	uint64_t digits = 0;
	int power = 0, whole = take_digits(parse, &digits), fraction = 0;

	if (whole == 0 || (whole > 1 && *from == '0'))
		return leave(parse);
	if (is_next(parse, '.')) {
		parse->at++;
		fraction = take_digits(parse, &digits);
		power = -fraction;
		if (fraction == 0)
			return leave(parse);
	}
	if (whole + fraction > EXACT_DIGITS || !take_exponent(parse, &power) ||
	    !scale(digits, power, ret_number))
		return leave(parse);
	if (negative)
		*ret_number = -*ret_number;
	return true;
}

static bool parse_word(struct parse *parse, const char *word)
{
	const size_t length = strlen(word);

	if ((size_t)(parse->end - parse->at) < length || memcmp(parse->at, word, length) != 0)
		return leave(parse);
	parse->at += length;
	return true;
}

static bool is_same_key(const struct fast_value *value, const char *key, size_t length)
{
	return value->key_length == length && value->key[0] == key[0] &&
	       memcmp(value->key, key, length) == 0;
}

static const struct fast_value *find(const struct fast_value *object, uint32_t count,
				     const char *key, size_t length)
{
	const struct fast_value *value = object + 1;

	for (uint32_t n = 0; n < count; n++, value += value->size)
		if (is_same_key(value, key, length))
			return value;
	return NULL;
}

/* One of 64: keys of different marks are different. */
static uint64_t mark_of(const char *key, size_t length)
{
	const unsigned first = (unsigned char)key[0];

	return UINT64_C(1) << ((first + 7 * length) & 63);
}

static bool parse_member(struct parse *parse, uint32_t object, uint32_t count, uint64_t *marks)
{
	size_t length = 0;
	const char *key = take(parse, '"') ? take_string(parse, &length) : NULL;
	uint64_t mark;

	if (!key || count == FAST_MEMBERS_MAX)
		return leave(parse);
	mark = mark_of(key, length);
	if ((*marks & mark) && find(&parse->fast->values[object], count, key, length))
		return leave(parse);
	*marks |= mark;
	return take(parse, ':') ? parse_value(parse, key, length) : leave(parse);
}

/* What is between the brackets of the value number PARENT. Returns how many; errors in result. */
static uint32_t parse_members(struct parse *parse, uint32_t parent)
{
	uint64_t marks = 0;
	uint32_t count = 0;

	if (take(parse, '}'))
		return 0;
	do
		if (!parse_member(parse, parent, count, &marks))
			return 0;
	while (count++, take(parse, ','));
	if (!take(parse, '}'))
		leave(parse);
	return count;
}

static uint32_t parse_elements(struct parse *parse)
{
	uint32_t count = 0;

	if (take(parse, ']'))
		return 0;
	do
		if (!parse_value(parse, NULL, 0))
			return 0;
	while (count++, take(parse, ','));
	if (!take(parse, ']'))
		leave(parse);
	return count;
}

/* An object or a list, whose bracket is next. */
static bool parse_group(struct parse *parse, uint32_t index, enum fast_kind kind)
{
	uint32_t count;

	if (++parse->depth > FAST_DEPTH_MAX)
		return leave(parse);
	parse->at++;
	count = kind == FAST_OBJECT ? parse_members(parse, index) : parse_elements(parse);
	parse->depth--;
	parse->fast->values[index].count = count;
	parse->fast->values[index].size = parse->fast->count - index;
	return parse->result == 0;
}

/* By its first character; numbers are all that is left. */
static enum fast_kind kind_of(char first)
{
	switch (first) {
	case '{':
		return FAST_OBJECT;
	case '[':
		return FAST_LIST;
	case '"':
		return FAST_STRING;
	case 't':
		return FAST_TRUE;
	case 'f':
		return FAST_FALSE;
	case 'n':
		return FAST_NULL;
	default:
		return FAST_NUMBER;
	}
}

static bool parse_text(struct parse *parse, struct fast_value *value)
{
	size_t length;

	parse->at++;
	value->text = take_string(parse, &length);
	return value->text;
}

static bool parse_value(struct parse *parse, const char *key, size_t key_length)
{
	struct fast_value *value = add(parse);

	skip_space(parse);
	if (!value || parse->at == parse->end)
		return leave(parse);
	*value = (struct fast_value){.key = key,
				     .key_length = (uint32_t)key_length,
				     .size = 1,
				     .kind = kind_of(*parse->at)};
	switch (value->kind) {
	case FAST_OBJECT:
	case FAST_LIST:
		return parse_group(parse, parse->fast->count - 1, value->kind);
	case FAST_STRING:
		return parse_text(parse, value);
	case FAST_NUMBER:
		return parse_number(parse, &value->number);
	case FAST_TRUE:
		return parse_word(parse, "true");
	case FAST_FALSE:
		return parse_word(parse, "false");
	case FAST_NULL:
		return parse_word(parse, "null");
	}
	return leave(parse);
}

/* All strings of a text, each with a NUL in place of its quotes, are shorter than the text. */
static int make_room(struct fast *fast, size_t length)
{
	char *strings;

	if (length <= fast->strings_room)
		return 0;
	strings = realloc(fast->strings, length);
	if (!strings)
		return -ENOMEM;
	fast->strings = strings;
	fast->strings_room = length;
	return 0;
}

int fast_parse(struct fast *fast, const char *bytes, size_t length)
{
	struct parse parse = {.fast = fast, .at = bytes, .end = bytes + length};

	fast->count = 0;
	if (length > FAST_TEXT_MAX)
		return BW_ERR_SYNTAX;
	if (make_room(fast, length + 1) < 0)
		return -ENOMEM;
	parse.put = fast->strings;
	if (!parse_value(&parse, NULL, 0))
		return parse.result;
	skip_space(&parse);
	return parse.at == parse.end && fast->values[0].kind <= FAST_LIST ? 0 : BW_ERR_SYNTAX;
}

const struct fast_value *fast_member(const struct fast_value *object, const char *key)
{
	if (object->kind != FAST_OBJECT)
		return NULL;
	return find(object, object->count, key, strlen(key));
}

void fast_fini(struct fast *fast)
{
	free(fast->values);
	free(fast->strings);
	*fast = (struct fast){.count = 0};
}
