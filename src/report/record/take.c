/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/take.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "report/record/record.h"
#include "json/field.h"

#define WALL_MAX (INT64_C(7258118400) * BW_S) /* 2200-01-01 */

/* False after an error, and when the member is missing, which is one. */
static bool find(struct take *take, const char *key, struct node *ret_node)
{
	if (take->result < 0)
		return false;
	*ret_node = node_member(take->object, key);
	if (!node_exists(ret_node))
		take->result = refuse_missing(take->object, key, NULL);
	return take->result == 0;
}

bool take_has(struct take *take, const char *key)
{
	struct node node;

	return find(take, key, &node) && !node_is_null(&node);
}

bool take_may_have(struct take *take, const char *key)
{
	const struct node node = node_member(take->object, key);

	return take->result == 0 && node_exists(&node) && !node_is_null(&node);
}

struct take take_object(struct take *take, const char *key, struct node *ret_node)
{
	*ret_node = *take->object; /* after an error members are still asked of it */
	if (find(take, key, ret_node))
		take->result = field_object(ret_node);
	return (struct take){ret_node, take->result};
}

void take_close(struct take *take, const struct take *inner)
{
	if (take->result == 0)
		take->result = inner->result;
}

/* A string and its node; NULL after an error. */
static const char *find_string(struct take *take, const char *key, struct node *ret_node)
{
	if (!find(take, key, ret_node))
		return NULL;
	if (!node_text(ret_node))
		take->result = refuse_type(ret_node, "a string");
	return node_text(ret_node);
}

const char *take_string(struct take *take, const char *key)
{
	struct node node;

	return find_string(take, key, &node);
}

const char *take_text(struct take *take, const char *key)
{
	struct node node;
	const char *text = find_string(take, key, &node);

	if (take->result == 0 && !*text)
		take->result = refuse_empty(&node, NULL);
	return text;
}

uint64_t take_unsigned(struct take *take, const char *key, uint64_t min, uint64_t max)
{
	uint64_t value = 0;
	struct node node;

	if (find(take, key, &node))
		take->result = field_unsigned(&node, min, max, &value);
	return value;
}

uint64_t take_count(struct take *take, const char *key)
{
	return take_unsigned(take, key, 0, UINT64_MAX);
}

uint32_t take_small(struct take *take, const char *key)
{
	return (uint32_t)take_unsigned(take, key, 0, UINT32_MAX);
}

double take_number(struct take *take, const char *key, double max)
{
	double value = 0;
	struct node node;

	if (find(take, key, &node))
		take->result = field_number(&node, 0, max, &value);
	return value;
}

bool take_bool(struct take *take, const char *key)
{
	bool value = false;
	struct node node;

	if (find(take, key, &node))
		take->result = field_bool(&node, &value);
	return value;
}

int64_t take_ms(struct take *take, const char *key)
{
	return llround(take_number(take, key, TAKE_SPAN_MAX_S * 1e3) * (double)BW_MS);
}

int64_t take_seconds(struct take *take, const char *key)
{
	return llround(take_number(take, key, TAKE_SPAN_MAX_S) * (double)BW_S);
}

struct bw_wall take_time(struct take *take, const char *key)
{
	struct node node;
	const char *text = find_string(take, key, &node);
	struct bw_wall time = {0};

	if (take->result < 0)
		return time;
	if (bw_wall_parse(text, &time) < 0)
		take->result =
			refuse_value(&node, BW_ERR_VALUE, "'%.40s' is no time: write it as %s",
				     text, "2014-12-22T16:15:00Z");
	else if (time.ns < 0 || time.ns > WALL_MAX)
		take->result = refuse_range(&node, text, "1970 to 2200");
	return take->result == 0 ? time : (struct bw_wall){0};
}

struct bw_wall take_time_or_null(struct take *take, const char *key)
{
	return take_has(take, key) ? take_time(take, key) : (struct bw_wall){0};
}

struct bw_prefix take_prefix(struct take *take, const char *key)
{
	struct node node;
	const char *text = find_string(take, key, &node);
	struct bw_prefix prefix = {0};

	if (take->result == 0 && bw_prefix_parse(text, &prefix, NULL) < 0) {
		prefix = (struct bw_prefix){0};
		take->result = refuse_value(&node, BW_ERR_VALUE, "'%.60s' is no prefix", text);
	}
	return prefix;
}

struct bw_addr take_addr(struct take *take, const char *key)
{
	struct node node;
	const char *text = find_string(take, key, &node);
	struct bw_addr addr = {0};

	if (take->result == 0 && bw_addr_parse(text, &addr) < 0)
		take->result = refuse_value(&node, BW_ERR_VALUE, "'%.60s' is no address", text);
	return addr;
}

struct bw_addr take_addr_or_hidden(struct take *take, const char *key, bool *ret_hidden)
{
	const char *text = take_string(take, key);

	*ret_hidden = text && strcmp(text, RECORD_HIDDEN) == 0;
	return *ret_hidden ? (struct bw_addr){0} : take_addr(take, key);
}

static int prefix_of(const struct node *node, const char *text, void *list, unsigned n)
{
	if (bw_prefix_parse(text, &((struct bw_prefix *)list)[n], NULL) == 0)
		return 0;
	return refuse_value(node, BW_ERR_VALUE, "'%.60s' is no prefix", text);
}

static int addr_of(const struct node *node, const char *text, void *list, unsigned n)
{
	if (bw_addr_parse(text, &((struct bw_addr *)list)[n]) == 0)
		return 0;
	return refuse_value(node, BW_ERR_VALUE, "'%.60s' is no address", text);
}

static unsigned take_texts(struct take *take, const char *key, unsigned max, void *list,
			   int (*parse)(const struct node *node, const char *text, void *list,
					unsigned n))
{
	const struct node node = node_member(take->object, key);
	struct node element = {0};
	unsigned count = 0;

	if (!take_may_have(take, key))
		return 0;
	take->result = field_list(&node);
	if (take->result == 0 && node_count(&node) > max)
		take->result = refuse_count(&node, max);
	while (take->result == 0 && node_next(&node, &element)) {
		const char *text = NULL;

		take->result = field_text(&element, BW_PREFIX_TEXT, &text);
		if (take->result == 0)
			take->result = parse(&element, text, list, count++);
	}
	return take->result == 0 ? count : 0;
}

unsigned take_prefixes(struct take *take, const char *key, unsigned max, struct bw_prefix *list)
{
	return take_texts(take, key, max, list, prefix_of);
}

unsigned take_addrs(struct take *take, const char *key, unsigned max, struct bw_addr *list)
{
	return take_texts(take, key, max, list, addr_of);
}

static struct bw_method take_method_by(struct take *take, const char *key,
				       int (*parse)(const char *text, struct bw_method *ret_method,
						    struct bw_err *err))
{
	struct node node;
	const char *text = find_string(take, key, &node);
	struct bw_method method = {0};

	if (take->result == 0) {
		take->result = parse(text, &method, node.document->err);
		if (take->result < 0)
			refuse_relay(&node, take->result);
	}
	return method;
}

struct bw_method take_method(struct take *take, const char *key)
{
	return take_method_by(take, key, bw_method_parse);
}

struct bw_method take_trace_method(struct take *take, const char *key)
{
	return take_method_by(take, key, bw_trace_method_parse);
}

/* Returns the code of field_word(). */
static int find_word(const struct node *node, unsigned count, const char *(*name)(unsigned index),
		     unsigned *ret_index)
{
	const char *names[TAKE_WORDS_MAX + 1] = {NULL};

	assert(count <= TAKE_WORDS_MAX);
	for (unsigned i = 0; i < count; i++)
		names[i] = name(i);
	return field_word(node, names, ret_index);
}

unsigned take_word(struct take *take, const char *key, unsigned count,
		   const char *(*name)(unsigned index))
{
	struct node node;
	unsigned index = 0;

	if (find(take, key, &node))
		take->result = find_word(&node, count, name, &index);
	return index;
}

unsigned take_set(struct take *take, const char *key, unsigned count,
		  const char *(*name)(unsigned index))
{
	struct node node, element = {0};
	unsigned set = 0;

	if (!find(take, key, &node))
		return 0;
	take->result = field_list(&node);
	while (take->result == 0 && node_next(&node, &element)) {
		unsigned index = 0;

		take->result = find_word(&element, count, name, &index);
		if (take->result == 0 && set & 1U << index)
			take->result = refuse_twice(&element, name(index), NULL, 0);
		set |= 1U << index;
	}
	return take->result == 0 ? set : 0;
}

static const char *verdict_name(unsigned index)
{
	return bw_verdict_name((enum bw_verdict)index);
}

enum bw_verdict take_verdict(struct take *take, const char *key)
{
	return (enum bw_verdict)take_word(take, key, BW_VERDICTS, verdict_name);
}

enum bw_verdict take_verdict_of(struct take *take, const char *key, enum bw_scope scope)
{
	return (enum bw_verdict)take_word(take, key,
					  scope == BW_SCOPE_BLOCK ? BW_BLOCK_VERDICTS : BW_VERDICTS,
					  verdict_name);
}

const char *take_subject(struct take *take, const char *key, enum bw_scope scope)
{
	if (scope != BW_SCOPE_TARGET)
		(void)take_prefix(take, key);
	return take_text(take, key);
}
