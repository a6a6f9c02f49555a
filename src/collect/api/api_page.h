/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_PAGE_H
#define COLLECT_API_API_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "collect/api/api_answer.h"

/*
 * Parts of long lists: "limit" and what comes before or after an id. A part behind which there is
 * more has a header Link with rel="next".
 */
#define API_PAGE_MAX 10000 /* of what is asked for at once */

/* Digits alone, below 10^18. */
bool api_page_parse(const char *text, uint64_t *ret_value);

/* A whole number of the query, or STANDARD where there is none; false for anything else. */
bool api_page_number(const struct api_request *request, const char *name, uint64_t standard,
		     uint64_t *ret_value);

/* "limit": from 1; of more than API_PAGE_MAX so many. False: it has answered 400. */
bool api_page_limit(const struct api_request *request, uint64_t standard, uint64_t *ret_limit,
		    struct api_answer *answer);

/*
 * TEXT as a value in a link: all but letters, digits and "-._~" is written as %XX. What has no room
 * is left out. Returns ESCAPED.
 */
#define API_PAGE_ESCAPED (3 * 255 + 1)
char *api_page_escape(const char *text, char escaped[API_PAGE_ESCAPED]);

#endif
