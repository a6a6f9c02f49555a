/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/options/options_value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/method.h>
#include <blockwatch/time.h>

#define COUNT_EXACT 9007199254740992.0 /* 2^53: above it a range is not worth printing */

static bool in_range(const struct options_item *item, double value)
{
	return (item->min == 0 && item->max == 0) || (value >= item->min && value <= item->max);
}

static int set_text(const struct options_item *item, const char *text, const char **ret_text,
		    struct bw_err *err)
{
	if (!*text)
		return bw_err_set(err, BW_ERR_USAGE, "must not be empty");
	if (!in_range(item, (double)strlen(text)))
		return bw_err_set(err, BW_ERR_USAGE, "'%.60s' must have %.0f to %.0f characters",
				  text, item->min, item->max);
	*ret_text = text;
	return 0;
}

static int add_text(const struct options_item *item, const char *text, struct options_texts *texts,
		    struct bw_err *err)
{
	if (texts->count == OPTIONS_TEXTS_MAX)
		return bw_err_set(err, BW_ERR_USAGE, "given more than %d times", OPTIONS_TEXTS_MAX);
	if (set_text(item, text, &texts->list[texts->count], err) < 0)
		return BW_ERR_USAGE;
	texts->count++;
	return 0;
}

/* A number without a unit is in seconds. */
static const char *with_unit(const char *text, char buffer[BW_DURATION_TEXT])
{
	size_t length = strlen(text);

	if (length == 0 || length + 2 > BW_DURATION_TEXT || text[strspn(text, "0123456789.")])
		return text;
	snprintf(buffer, BW_DURATION_TEXT, "%ss", text);
	return buffer;
}

static int set_duration(const struct options_item *item, const char *text, int64_t *ret_ns,
			struct bw_err *err)
{
	char min[BW_DURATION_TEXT], max[BW_DURATION_TEXT], seconds[BW_DURATION_TEXT];
	struct bw_err inner = {0};
	int64_t ns;

	if (bw_duration_parse(with_unit(text, seconds), &ns, &inner) < 0)
		return bw_err_set(err, BW_ERR_USAGE, "%s", inner.message);
	if (!in_range(item, (double)ns / (double)BW_S))
		return bw_err_set(err, BW_ERR_USAGE, "'%s' is out of range %s..%s", text,
				  bw_duration_format((int64_t)(item->min * (double)BW_S), min),
				  bw_duration_format((int64_t)(item->max * (double)BW_S), max));
	*ret_ns = ns;
	return 0;
}

/* strtod() also takes "inf", "nan" and hexadecimal, which nobody means. */
static int set_rate(const struct options_item *item, const char *text, double *ret_rate,
		    struct bw_err *err)
{
	size_t length = strspn(text, "0123456789.eE+-");
	char *end;
	double rate = strtod(text, &end);

	if (end == text || *end || text[length])
		return bw_err_set(err, BW_ERR_USAGE, "'%.60s' is no number (packets a second)",
				  text);
	if (!in_range(item, rate))
		return bw_err_set(err, BW_ERR_USAGE,
				  "'%.60s' is out of range %.10g..%.10g packets a second", text,
				  item->min, item->max);
	*ret_rate = rate;
	return 0;
}

static int set_count(const struct options_item *item, const char *text, uint64_t *ret_count,
		     struct bw_err *err)
{
	const bool negative = text[0] == '-';
	const size_t length = strspn(text + negative, "0123456789");
	uint64_t count;

	errno = 0;
	count = strtoull(text, NULL, 10);
	if (length == 0 || text[negative + length])
		return bw_err_set(err, BW_ERR_USAGE, "'%.60s' is no whole number", text);
	if (!negative && errno == 0 && in_range(item, (double)count)) {
		*ret_count = count;
		return 0;
	}
	if (item->max > COUNT_EXACT || item->max == 0)
		return bw_err_set(err, BW_ERR_USAGE, "'%.60s' is out of range %.0f..%" PRIu64, text,
				  item->min, UINT64_MAX);
	return bw_err_set(err, BW_ERR_USAGE, "'%.60s' is out of range %.0f..%.0f", text, item->min,
			  item->max);
}

static int add_methods(const char *text, bool trace, struct bw_methods *methods, struct bw_err *err)
{
	struct bw_err inner = {0};

	if ((trace ? bw_trace_methods_parse : bw_methods_parse)(text, methods, &inner) < 0)
		return bw_err_set(err, BW_ERR_USAGE, "%s", inner.message);
	return 0;
}

static int add_address(const char *text, struct options_addresses *addresses, struct bw_err *err)
{
	struct bw_addr addr;

	if (bw_addr_parse(text, &addr) < 0)
		return bw_err_set(err, BW_ERR_USAGE, "'%.60s' is no address", text);
	*(addr.family == 4 ? &addresses->v4 : &addresses->v6) = addr;
	return 0;
}

int options_set(const struct options_item *item, const char *text, void *value, struct bw_err *err)
{
	switch (item->type) {
	case OPTIONS_FLAG:
		*(bool *)value = true;
		return 0;
	case OPTIONS_TEXT:
		return set_text(item, text, (const char **)value, err);
	case OPTIONS_TEXTS:
		return add_text(item, text, (struct options_texts *)value, err);
	case OPTIONS_DURATION:
		return set_duration(item, text, (int64_t *)value, err);
	case OPTIONS_RATE:
		return set_rate(item, text, (double *)value, err);
	case OPTIONS_COUNT:
		return set_count(item, text, (uint64_t *)value, err);
	case OPTIONS_METHODS:
	case OPTIONS_TRACE_METHODS:
		return add_methods(text, item->type == OPTIONS_TRACE_METHODS,
				   (struct bw_methods *)value, err);
	case OPTIONS_ADDRESSES:
		return add_address(text, (struct options_addresses *)value, err);
	}
	return BW_ERR_INTERNAL;
}
