/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_page.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool api_page_parse(const char *text, uint64_t *ret_value)
{
	if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 18)
		return false;
	*ret_value = strtoull(text, NULL, 10);
	return true;
}

bool api_page_number(const struct api_request *request, const char *name, uint64_t standard,
		     uint64_t *ret_value)
{
	const char *text = request->query(request->arg, name);

	*ret_value = standard;
	return !text || api_page_parse(text, ret_value);
}

bool api_page_limit(const struct api_request *request, uint64_t standard, uint64_t *ret_limit,
		    struct api_answer *answer)
{
	if (!api_page_number(request, "limit", standard, ret_limit) || *ret_limit == 0) {
		api_answer_error(answer, 400, "limit is a whole number from 1");
		return false;
	}
	if (*ret_limit > API_PAGE_MAX)
		*ret_limit = API_PAGE_MAX;
	return true;
}

char *api_page_escape(const char *text, char escaped[API_PAGE_ESCAPED])
{
	char *end = escaped;

	for (; *text && end - escaped < API_PAGE_ESCAPED - 3; text++) {
		const unsigned char c = (unsigned char)*text;

		if ((c < 0x80 && isalnum(c)) || (c && strchr("-._~", c)))
			*end++ = (char)c;
		else
			end += snprintf(end, 4, "%%%02X", c);
	}
	*end = '\0';
	return escaped;
}
