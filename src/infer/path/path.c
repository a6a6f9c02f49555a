/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/path/path.h"

const char *path_kind_name(unsigned kind)
{
	static const char *const names[] = {
#define X(name, text) text,
		PATH_KIND_LIST(X)
#undef X
	};

	return kind < PATH_KINDS ? names[kind] : "?";
}

const char *path_direction_name(unsigned direction)
{
	static const char *const names[] = {
#define X(name, text) text,
		PATH_DIRECTION_LIST(X)
#undef X
	};

	return direction < PATH_DIRECTIONS ? names[direction] : "?";
}

uint8_t path_last_passed(const struct path *path, uint8_t ttl)
{
	while (ttl > 0 && path->hops[ttl].answer != PATH_PASSED)
		ttl--;
	return ttl;
}

uint8_t path_first_refusal(const struct path *path)
{
	for (uint8_t ttl = 1; ttl <= path->end; ttl++)
		if (path->hops[ttl].answer == PATH_REFUSED)
			return ttl;
	return 0;
}
