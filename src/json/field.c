/* SPDX-License-Identifier: Apache-2.0 */
#include "json/field.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define RANGE_TEXT 64

int field_require(const struct node *object, const char *key, const char *example)
{
	const struct node member = node_member(object, key);

	return node_exists(&member) ? 0 : refuse_missing(object, key, example);
}

int field_object(const struct node *node)
{
	return !node_exists(node) || node_is_object(node) ? 0 : refuse_type(node, "an object");
}

int field_list(const struct node *node)
{
	return !node_exists(node) || node_is_list(node) ? 0 : refuse_type(node, "a list");
}

static bool is_listed(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names;
}

int field_object_of(const struct node *node, const char *what, const char *const *fields)
{
	const char *key = NULL;
	struct node member;

	if (!node_is_object(node))
		return refuse_type(node, "an object");
	while ((key = node_next_key(node, key))) {
		if (is_listed(fields, key))
			continue;
		member = node_member(node, key);
		return refuse_unknown_key(&member, what, fields);
	}
	return 0;
}

int field_text(const struct node *node, size_t max, const char **ret_text)
{
	const char *text = node_text(node);
	char given[RANGE_TEXT], range[RANGE_TEXT];

	if (!node_exists(node))
		return 0;
	if (!text)
		return refuse_type(node, "a string");
	if (!*text)
		return refuse_empty(node, "leave it out");
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c < ' ' || *c == 0x7f)
			return refuse_value(node, BW_ERR_VALUE, "has a control character in it");
	if (strlen(text) > max) {
		snprintf(given, sizeof(given), "%zu bytes", strlen(text));
		snprintf(range, sizeof(range), "1 to %zu bytes", max);
		return refuse_range(node, given, range);
	}
	*ret_text = text;
	return 0;
}

int field_copy_text(const struct node *node, size_t max, char **ret_text)
{
	const char *text = NULL;
	int result = field_text(node, max, &text);
	char *copy;

	if (result < 0 || !text)
		return result;
	copy = strdup(text);
	if (!copy)
		return refuse_memory(node);
	*ret_text = copy;
	return 0;
}

static int refuse_unsigned(const struct node *node, uint64_t min, uint64_t max)
{
	char given[RANGE_TEXT], range[RANGE_TEXT];
	const double number = node_number(node);

	snprintf(given, sizeof(given),
		 number == floor(number) && fabs(number) < 1e20 ? "%.0f" : "%.17g", number);
	snprintf(range, sizeof(range), "%" PRIu64 " to %" PRIu64, min, max);
	return refuse_range(node, given, range);
}

static int refuse_numbers(const struct node *node, double min, double max)
{
	char given[RANGE_TEXT], range[RANGE_TEXT];

	snprintf(given, sizeof(given), "%.17g", node_number(node));
	snprintf(range, sizeof(range), "%.10g to %.10g", min, max);
	return refuse_range(node, given, range);
}

int field_unsigned(const struct node *node, uint64_t min, uint64_t max, uint64_t *ret_value)
{
	double number = node_number(node);
	uint64_t value;

	if (!node_exists(node))
		return 0;
	if (!node_is_number(node))
		return refuse_type(node, "a whole number");
	if (!node_unsigned(node, &value)) {
		if (number >= 0 && number <= (double)max)
			return refuse_value(node, BW_ERR_VALUE, REFUSE_WHOLE);
		return refuse_unsigned(node, min, max);
	}
	if (value < min || value > max)
		return refuse_unsigned(node, min, max);
	*ret_value = value;
	return 0;
}

int field_number(const struct node *node, double min, double max, double *ret_value)
{
	double value = node_number(node);

	if (!node_exists(node))
		return 0;
	if (!node_is_number(node))
		return refuse_type(node, "a number");
	if (!(value >= min && value <= max))
		return refuse_numbers(node, min, max);
	*ret_value = value;
	return 0;
}

int field_bool(const struct node *node, bool *ret_value)
{
	if (!node_exists(node))
		return 0;
	if (!node_is_bool(node))
		return refuse_type(node, "true or false");
	*ret_value = node_bool(node);
	return 0;
}

int field_word(const struct node *node, const char *const *names, unsigned *ret_index)
{
	const char *text = node_text(node);

	if (!node_exists(node))
		return 0;
	if (!text)
		return refuse_type(node, "a string");
	for (unsigned i = 0; names[i]; i++) {
		if (strcmp(names[i], text) != 0)
			continue;
		*ret_index = i;
		return 0;
	}
	return refuse_unknown_word(node, names);
}
