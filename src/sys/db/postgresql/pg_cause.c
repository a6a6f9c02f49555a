/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_cause.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The next line that is not empty, without the spaces around it; *RET_LENGTH is 0 at the end. */
static const char *next_line(const char *text, int *ret_length)
{
	int length;

	while (isspace((unsigned char)*text))
		text++;
	length = (int)strcspn(text, "\n");
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		length--;
	*ret_length = length;
	return text;
}

void pg_cause(const char *message, char cause[PG_CAUSE_MAX])
{
	int first_length, length;
	const char *first = next_line(message, &first_length);
	const char *next = next_line(first + first_length, &length);

	if (length == 0) {
		next = "no answer";
		length = (int)strlen(next);
	}
	if (first_length == 0)
		snprintf(cause, PG_CAUSE_MAX, "%.*s", length, next);
	else if (first[first_length - 1] == ':')
		snprintf(cause, PG_CAUSE_MAX, "%.*s %.*s", first_length, first, length, next);
	else
		snprintf(cause, PG_CAUSE_MAX, "%.*s", first_length, first);
}
