/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_time.h"

#include <stdlib.h>
#include <string.h>

#include <blockwatch/err.h>

#define SECONDS_MAX 9000000000.0 /* nanoseconds fit into 64 bits */

/* Nothing is known of the time before 1970. */
static bool parse(const char *text, int64_t *ret_ns)
{
	struct bw_wall time;
	char *end;
	double seconds;

	if (bw_wall_parse(text, &time) == 0) {
		*ret_ns = time.ns;
		return time.ns >= 0;
	}
	if (!*text || strspn(text, "0123456789.") != strlen(text))
		return false;
	seconds = strtod(text, &end);
	if (*end || seconds > SECONDS_MAX)
		return false;
	*ret_ns = (int64_t)(seconds * (double)BW_S);
	return true;
}

static int refuse(const char *message, struct api_answer *answer)
{
	api_answer_error(answer, 400, message);
	return BW_ERR_VALUE;
}

int api_time_ends(const struct api_request *request, int64_t now_ns, int64_t default_ns,
		  int64_t *ret_from, int64_t *ret_until, struct api_answer *answer)
{
	const char *from = request->query(request->arg, "from");
	const char *until = request->query(request->arg, "until");

	*ret_until = now_ns;
	if (until && !parse(until, ret_until))
		return refuse("until is a time since 1970: RFC 3339 or Unix seconds", answer);
	if (*ret_until > now_ns)
		*ret_until = now_ns;
	*ret_from = *ret_until > default_ns ? *ret_until - default_ns : 0;
	if (from && !parse(from, ret_from))
		return refuse("from is a time since 1970: RFC 3339 or Unix seconds", answer);
	return 0;
}

int api_time_span(const struct api_request *request, int64_t now_ns, int64_t default_ns,
		  int64_t *ret_from, int64_t *ret_until, struct api_answer *answer)
{
	int result = api_time_ends(request, now_ns, default_ns, ret_from, ret_until, answer);

	if (result < 0 || *ret_from <= *ret_until)
		return result;
	return refuse(*ret_from > now_ns ? "from is in the future" : "from is after until", answer);
}

void api_time_put(struct json_out *out, const char *key, int64_t ns)
{
	char text[BW_WALL_TEXT];

	json_out_key(out, key);
	json_out_string(out, bw_wall_format((struct bw_wall){ns}, text));
}
