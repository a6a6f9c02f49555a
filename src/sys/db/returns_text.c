/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/returns_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void returns_text_format(const struct outage *outage, char text[RETURNS_TEXT])
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned n = 0; n < outage->return_count; n++)
		used += (size_t)snprintf(text + used, RETURNS_TEXT - used,
					 "%" PRId64 " %" PRId64 " ", outage->returns[n].start_ns,
					 outage->returns[n].end_ns);
	if (outage->returns_within_ns > 0)
		snprintf(text + used, RETURNS_TEXT - used, "/%" PRId64, outage->returns_within_ns);
}

void returns_text_parse(const char *text, struct outage *outage)
{
	char *end;

	while (outage->return_count < OUTAGE_RETURNS_MAX && *text && *text != '/') {
		const unsigned n = outage->return_count;

		outage->returns[n].start_ns = strtoll(text, &end, 10);
		if (end == text)
			return;
		text = end;
		outage->returns[n].end_ns = strtoll(text, &end, 10);
		if (end == text)
			return;
		text = end + (*end == ' ');
		outage->return_count++;
	}
	if (*text == '/')
		outage->returns_within_ns = strtoll(text + 1, NULL, 10);
}
