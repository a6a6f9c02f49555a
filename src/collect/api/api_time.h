/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_TIME_H
#define COLLECT_API_API_TIME_H

#include "collect/api/api_answer.h"

/*
 * The time between "from" and "until" of a request: RFC 3339 or Unix seconds. Without "from" it
 * begins DEFAULT_NS before its end, and never before 1970; without "until", and for one in the
 * future, it ends NOW. Returns 0, or BW_ERR_VALUE after it has answered 400: also when it begins
 * after its end.
 */
int api_time_span(const struct api_request *request, int64_t now_ns, int64_t default_ns,
		  int64_t *ret_from, int64_t *ret_until, struct api_answer *answer);

/* The same, but it may begin after its end. */
int api_time_ends(const struct api_request *request, int64_t now_ns, int64_t default_ns,
		  int64_t *ret_from, int64_t *ret_until, struct api_answer *answer);

/* The beginning or end of something: also that of 1970, which elsewhere is a time not known. */
void api_time_put(struct json_out *out, const char *key, int64_t ns);

#endif
