/* SPDX-License-Identifier: Apache-2.0 */
#include "report/check/check_state.h"

/* Unknown networks that count. The reasons of a target exclude all of its unknown networks. */
static uint32_t count_unknown(const struct record_target *target)
{
	return target->reasons & BW_WHY_NEVER_SEEN ? 0 : target->networks.of[BW_UNKNOWN];
}

enum check_state check_state(const struct record_target *target)
{
	const uint32_t *of = target->networks.of;
	uint32_t unknown = count_unknown(target);

	if (of[BW_DARK] || of[BW_PARTLY_DARK])
		return of[BW_UP] || of[BW_PARTLY_DARK] || of[BW_FLAPPING] || unknown
			       ? CHECK_PARTLY_DARK
			       : CHECK_DARK;
	if (of[BW_FLAPPING])
		return CHECK_FLAPPING;
	if (of[BW_UP] == 0)
		return CHECK_UNKNOWN;
	return unknown ? CHECK_PARTLY_UNKNOWN : CHECK_UP;
}

const char *check_state_name(enum check_state state)
{
	static const char *const names[] = {
#define X(name, text, code) [name] = text,
		CHECK_STATE_LIST(X)
#undef X
	};

	return names[state];
}

int check_state_code(enum check_state state)
{
	static const int codes[] = {
#define X(name, text, code) [name] = code,
		CHECK_STATE_LIST(X)
#undef X
	};

	return codes[state];
}
