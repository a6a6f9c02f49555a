/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/reply_kind.h"

enum shows {
	ERROR,
	HOST,
	ANSWER,
};

static const struct kind {
	const char *name;
	enum shows shows;
} kinds[REPLY_KINDS] = {
#define X(name, text, shows) [name] = {text, shows},
	REPLY_KIND_LIST(X)
#undef X
};

const char *reply_kind_name(enum reply_kind kind)
{
	return (unsigned)kind < REPLY_KINDS ? kinds[kind].name : "?";
}

bool reply_kind_is_answer(enum reply_kind kind, bool from_probed)
{
	return reply_kind_is_direct(kind) ||
	       ((unsigned)kind < REPLY_KINDS && kinds[kind].shows == HOST && from_probed);
}

bool reply_kind_is_direct(enum reply_kind kind)
{
	return (unsigned)kind < REPLY_KINDS && kinds[kind].shows == ANSWER;
}
