/* SPDX-License-Identifier: Apache-2.0 */
#include "report/survey/survey_text.h"

#include <string.h>

static char *put_text(char *at, const char *text)
{
	size_t length = strlen(text);

	memcpy(at, text, length);
	return at + length;
}

/* A number with so many digits behind the point; no snprintf(), a million times over. */
static char *put_fixed(char *at, uint64_t value, unsigned decimals)
{
	char digits[24];
	unsigned count = 0;

	do {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0 || count <= decimals);
	while (count > 0) {
		*at++ = digits[--count];
		if (count == decimals && count > 0)
			*at++ = '.';
	}
	return at;
}

size_t survey_text(const struct survey_answer *answer, bool with_method, char line[SURVEY_TEXT])
{
	uint64_t rtt_us = (uint64_t)(answer->rtt_ns + BW_US / 2) / BW_US;
	char *at = line;

	bw_addr_format(&answer->host, at);
	at += strlen(at);
	*at++ = ' ';
	at = put_fixed(at, rtt_us, 3);
	at = put_text(at, " ms ");
	at = put_text(at, reply_kind_name(answer->kind));
	if (with_method) {
		*at++ = ' ';
		bw_method_format(answer->method, at);
		at += strlen(at);
	}
	if (!bw_addr_equal(&answer->from, &answer->host)) {
		at = put_text(at, " from ");
		bw_addr_format(&answer->from, at);
		at += strlen(at);
	}
	*at++ = '\n';
	return (size_t)(at - line);
}
