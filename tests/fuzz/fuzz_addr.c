/* SPDX-License-Identifier: Apache-2.0 */
/* The parsers of floor 0: what is accepted must come back from its own text form unchanged. */
#include <blockwatch/method.h>
#include <blockwatch/prefix.h>
#include <blockwatch/time.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void parse_addr(const char *text)
{
	struct bw_addr addr, again;
	char buffer[BW_ADDR_TEXT];

	if (bw_addr_parse(text, &addr) < 0)
		return;
	require(bw_addr_parse(bw_addr_format(&addr, buffer), &again) == 0);
	require(bw_addr_equal(&addr, &again));
}

static void parse_prefix(const char *text)
{
	struct bw_prefix prefix, again;
	char buffer[BW_PREFIX_TEXT], line[256];
	struct bw_err err;
	int result = bw_prefix_parse(text, &prefix, &err);

	require(bw_prefix_parse(text, &again, NULL) == result);
	if (result < 0) {
		require(strlen(bw_err_format(&err, line, sizeof(line))) > 0);
		return;
	}
	require(bw_prefix_parse(bw_prefix_format(&prefix, buffer), &again, NULL) == 0);
	require(bw_prefix_compare(&prefix, &again) == 0);
}

static void parse_times(const char *text)
{
	char buffer[BW_DURATION_TEXT];
	struct bw_wall wall, again;
	struct bw_err err;
	int64_t ns;

	if (bw_duration_parse(text, &ns, &err) == 0) {
		require(ns >= 0);
		require(strlen(bw_duration_format(ns, buffer)) < sizeof(buffer));
	}
	if (bw_wall_parse(text, &wall) == 0 && wall.ns > INT64_MIN / BW_S * BW_S) {
		require(bw_wall_parse(bw_wall_format(wall, buffer), &again) == 0);
		require(again.ns <= wall.ns && wall.ns - again.ns < BW_US);
	}
}

static void parse_methods(const char *text)
{
	struct bw_methods methods = {0};
	struct bw_method again;
	char buffer[BW_METHOD_TEXT];

	require((bw_methods_parse(text, &methods, NULL) == 0) == (methods.count > 0));
	for (unsigned i = 0; i < methods.count; i++) {
		bw_method_format(methods.list[i], buffer);
		require(bw_method_parse(buffer, &again, NULL) == 0);
		require(bw_method_equal(again, methods.list[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = (char *)malloc(size + 1);

	if (!text)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	parse_addr(text);
	parse_prefix(text);
	parse_times(text);
	parse_methods(text);
	free(text);
	return 0;
}
