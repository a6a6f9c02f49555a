/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_timeline_cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void api_timeline_cursor_format(const struct board *board, const struct subject *subject,
				int64_t start_ns, char text[API_TIMELINE_CURSOR_TEXT])
{
	char prefix[SUBJECT_TEXT];

	if (subject->prefix)
		snprintf(text, API_TIMELINE_CURSOR_TEXT, "%s/%.*s/%" PRId64,
			 bw_scope_name(subject->scope), BW_PREFIX_TEXT,
			 subject_format(board, subject, prefix), start_ns);
	else
		snprintf(text, API_TIMELINE_CURSOR_TEXT, "%s/%" PRId64,
			 bw_scope_name(subject->scope), start_ns);
}

static bool parse_scope(const char *text, size_t length, enum bw_scope *ret_scope)
{
	static const enum bw_scope scopes[] = {BW_SCOPE_TARGET, BW_SCOPE_NETWORK, BW_SCOPE_BLOCK};

	for (size_t n = 0; n < sizeof(scopes) / sizeof(scopes[0]); n++) {
		const char *name = bw_scope_name(scopes[n]);

		*ret_scope = scopes[n];
		if (strlen(name) == length && strncmp(name, text, length) == 0)
			return true;
	}
	return false;
}

static bool parse_time(const char *text, int64_t *ret_ns)
{
	if (!*text || strlen(text) > 19 || strspn(text, "0123456789") != strlen(text))
		return false;
	*ret_ns = (int64_t)strtoull(text, NULL, 10);
	return *ret_ns >= 0;
}

bool api_timeline_cursor_parse(const char *text, struct api_timeline_cursor *ret_cursor)
{
	const size_t scope_length = strcspn(text, "/");
	const char *time = strrchr(text, '/');
	char prefix[BW_PREFIX_TEXT];
	size_t length;

	*ret_cursor = (struct api_timeline_cursor){.start_ns = 0};
	if (!time || !parse_scope(text, scope_length, &ret_cursor->subject.scope) ||
	    !parse_time(time + 1, &ret_cursor->start_ns))
		return false;
	if (ret_cursor->subject.scope == BW_SCOPE_TARGET)
		return time == text + scope_length;
	if (time <= text + scope_length + 1)
		return false;
	length = (size_t)(time - text) - scope_length - 1;
	if (length >= sizeof(prefix))
		return false;
	memcpy(prefix, text + scope_length + 1, length);
	prefix[length] = '\0';
	ret_cursor->subject.prefix = &ret_cursor->prefix;
	return bw_prefix_parse(prefix, &ret_cursor->prefix, NULL) == 0;
}
