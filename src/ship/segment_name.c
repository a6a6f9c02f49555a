/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/segment_name.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST "records-"
#define DIGITS 18

char *segment_name_format(uint64_t number, char name[SEGMENT_NAME_TEXT])
{
	snprintf(name, SEGMENT_NAME_TEXT, FIRST "%" PRIu64 ".jsonl", number);
	return name;
}

char *segment_name_format_index(uint64_t number, char name[SEGMENT_NAME_TEXT])
{
	snprintf(name, SEGMENT_NAME_TEXT, FIRST "%" PRIu64 ".index", number);
	return name;
}

bool segment_name_parse(const char *name, uint64_t *ret_number)
{
	const char *at = name + strlen(FIRST);
	uint64_t number = 0;
	int digits = 0;

	if (strncmp(name, FIRST, strlen(FIRST)) != 0 || *at < '1' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9' && digits < DIGITS; digits++)
		number = number * 10 + (uint64_t)(*at++ - '0');
	if (strcmp(at, ".jsonl") != 0)
		return false;
	*ret_number = number;
	return true;
}
