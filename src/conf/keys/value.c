/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/value.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <blockwatch/method.h>
#include <blockwatch/time.h>

#include "conf/keys/print.h"
#include "conf/keys/text.h"
#include "conf/options/options.h"

int value_refuse_range(const struct keys_key *key, const struct node *value, const char *given)
{
	char range[KEYS_RANGE_TEXT];

	return refuse_range(value, given, keys_format_range(key, range));
}

bool value_in_range(const struct keys_key *key, double value)
{
	return (key->min == 0 && key->max == 0) || (value >= key->min && value <= key->max);
}

bool value_next(const struct node *value, struct node *element)
{
	if (node_is_list(value))
		return node_next(value, element);
	if (element->document)
		return false;
	*element = *value;
	return true;
}

int value_check_not_empty(const struct node *value)
{
	return node_is_list(value) && node_count(value) == 0 ? refuse_empty(value, "leave it out")
							     : 0;
}

static int set_bool(const struct node *value, bool *ret_value)
{
	if (!node_is_bool(value))
		return refuse_type(value, keys_type_text(KEYS_BOOL));
	*ret_value = node_bool(value);
	return 0;
}

/* Whole numbers have all their digits: 1e+11 is not what the user wrote. */
static void format_given(double number, char *text, size_t size)
{
	snprintf(text, size, number == floor(number) && fabs(number) < 1e19 ? "%.0f" : "%.10g",
		 number);
}

static int set_number(const struct keys_key *key, const struct node *value, double *ret_value)
{
	double number = node_number(value);
	char given[40];

	if (!node_is_number(value))
		return refuse_type(value, keys_type_text(key->type));
	format_given(number, given, sizeof(given));
	if (!value_in_range(key, number))
		return value_refuse_range(key, value, given);
	*ret_value = number;
	return 0;
}

/* 1e3 is as good as 1000. */
static int set_count(const struct keys_key *key, const struct node *value, uint64_t *ret_value)
{
	double number = 0;
	int result = set_number(key, value, &number);

	if (result < 0)
		return result;
	if (number != floor(number))
		return refuse_value(value, BW_ERR_VALUE, "must be %s", keys_type_text(key->type));
	*ret_value = (uint64_t)number;
	return 0;
}

/* How many bytes the unit has, 0 for none that is known. */
static uint64_t size_unit(const char *text)
{
	static const struct {
		char name[4];
		uint64_t bytes;
	} units[] = {{"", 1},
		     {"B", 1},
		     {"K", UINT64_C(1) << 10},
		     {"M", UINT64_C(1) << 20},
		     {"G", UINT64_C(1) << 30},
		     {"T", UINT64_C(1) << 40},
		     {"kB", 1000},
		     {"KB", 1000},
		     {"KiB", UINT64_C(1) << 10},
		     {"MB", 1000000},
		     {"MiB", UINT64_C(1) << 20},
		     {"GB", 1000000000},
		     {"GiB", UINT64_C(1) << 30}};

	text += strspn(text, " ");
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(text, units[i].name) == 0)
			return units[i].bytes;
	return 0;
}

static int set_size(const struct keys_key *key, const struct node *value, uint64_t *ret_value)
{
	const char *text = node_text(value);
	size_t digits = text ? strspn(text, "0123456789") : 0;
	uint64_t bytes = 0, unit;
	int64_t whole;
	char given[32];

	if (node_integer(value, &whole))
		return set_count(key, value, ret_value);
	if (!text)
		return refuse_type(value, keys_type_text(key->type));
	unit = size_unit(text + digits);
	if (digits == 0 || digits > 15 || unit == 0)
		return refuse_value(value, BW_ERR_VALUE,
				    "'%.40s' is no size: a whole number and one of the units K, M, "
				    "G, T (1024), B, kB, MB, GB, KiB, MiB, GiB, as in \"16M\"",
				    text);
	for (size_t i = 0; i < digits; i++)
		bytes = bytes * 10 + (uint64_t)(text[i] - '0');
	snprintf(given, sizeof(given), "'%.20s'", text);
	if (__builtin_mul_overflow(bytes, unit, &bytes) || !value_in_range(key, (double)bytes))
		return value_refuse_range(key, value, given);
	*ret_value = bytes;
	return 0;
}

static int set_duration(const struct keys_key *key, const struct node *value, int64_t *ret_ns)
{
	const char *text = node_text(value);
	char given[48];
	int64_t ns = 0;
	int result;

	if (!text)
		return refuse_type(value, keys_type_text(key->type));
	if (key->flags & KEYS_MAY_BE_FOREVER && strcmp(text, "forever") == 0) {
		*ret_ns = 0;
		return 0;
	}
	result = bw_duration_parse(text, &ns, value->document->err);
	if (result < 0 && key->flags & KEYS_MAY_BE_FOREVER)
		return refuse_value(value, BW_ERR_VALUE,
				    "'%.40s' is no duration; use a number with one of the units h, "
				    "d, as in 400d, or \"forever\"",
				    text);
	if (result < 0)
		return refuse_relay(value, BW_ERR_VALUE);
	snprintf(given, sizeof(given), "'%.40s'", text);
	if (!value_in_range(key, (double)ns / (double)BW_S))
		return value_refuse_range(key, value, given);
	*ret_ns = ns;
	return 0;
}

static int set_methods(const struct node *value, struct bw_methods *ret_methods)
{
	struct bw_methods methods = {.count = 0};
	struct node element = {0};
	int result = value_check_not_empty(value);

	while (result == 0 && value_next(value, &element)) {
		const char *text = node_text(&element);

		if (!text)
			return refuse_type(&element, keys_type_text(KEYS_METHODS));
		result = bw_methods_parse(text, &methods, element.document->err);
		if (result < 0)
			return refuse_relay(&element, result);
	}
	if (result == 0)
		*ret_methods = methods;
	return result;
}

static int set_addresses(const struct node *value, struct options_addresses *ret_addresses)
{
	struct options_addresses addresses = {0};
	struct node element = {0};
	int result = value_check_not_empty(value);

	while (result == 0 && value_next(value, &element)) {
		const char *text = node_text(&element);
		struct bw_addr addr, *place;

		if (!text)
			return refuse_type(&element, keys_type_text(KEYS_ADDRESSES));
		if (bw_addr_parse(text, &addr) < 0)
			return refuse_value(&element, BW_ERR_VALUE, "'%.60s' is no address", text);
		place = addr.family == 4 ? &addresses.v4 : &addresses.v6;
		if (place->family)
			return refuse_value(&element, BW_ERR_OVERLAP,
					    "a second IPv%d address: give one", addr.family);
		*place = addr;
	}
	if (result == 0)
		*ret_addresses = addresses;
	return result;
}

/* The index of the word, or an error. */
static int find_word(const struct keys_key *key, const struct node *value)
{
	const char *text = node_text(value);

	if (!text)
		return refuse_type(value, keys_type_text(key->type));
	for (int i = 0; key->words[i]; i++)
		if (strcmp(key->words[i], text) == 0)
			return i;
	return refuse_unknown_word(value, key->words);
}

static int set_choice(const struct keys_key *key, const struct node *value, unsigned *ret_value)
{
	int found = find_word(key, value);

	if (found < 0)
		return found;
	*ret_value = 1 + (unsigned)found;
	return 0;
}

static int set_choices(const struct keys_key *key, const struct node *value, unsigned *ret_value)
{
	int result = value_check_not_empty(value);
	struct node element = {0};
	unsigned set = 0;

	while (result == 0 && value_next(value, &element)) {
		int found = find_word(key, &element);

		if (found < 0)
			return found;
		if (set & (1U << found))
			return refuse_twice(&element, key->words[found], NULL, 0);
		set |= 1U << found;
	}
	if (result == 0)
		*ret_value = set;
	return result;
}

int value_set(const struct keys_key *key, const struct node *value, void *field, struct pool *pool)
{
	switch (key->type) {
	case KEYS_TEXT:
	case KEYS_NAME:
	case KEYS_PATH:
	case KEYS_TARGET:
		return text_read(key, value, (const char **)field, pool);
	case KEYS_TEXTS:
	case KEYS_PATHS:
	case KEYS_TARGETS:
		return text_add_all(key, value, field, pool);
	case KEYS_BOOL:
		return set_bool(value, (bool *)field);
	case KEYS_NUMBER:
		return set_number(key, value, (double *)field);
	case KEYS_COUNT:
		return set_count(key, value, (uint64_t *)field);
	case KEYS_SIZE:
		return set_size(key, value, (uint64_t *)field);
	case KEYS_DURATION:
		return set_duration(key, value, (int64_t *)field);
	case KEYS_METHODS:
		return set_methods(value, (struct bw_methods *)field);
	case KEYS_ADDRESSES:
		return set_addresses(value, (struct options_addresses *)field);
	case KEYS_CHOICE:
		return set_choice(key, value, (unsigned *)field);
	case KEYS_CHOICES:
		return set_choices(key, value, (unsigned *)field);
	case KEYS_GROUP:
	case KEYS_LIST:
	case KEYS_PAIRS:
		break;
	}
	return BW_ERR_INTERNAL;
}
