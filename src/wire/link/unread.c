/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/link/unread.h"

static const char *const texts[UNREADS] = {
#define X(name, text) [name] = (text),
	UNREAD_LIST(X)
#undef X
};

const char *unread_text(enum unread unread)
{
	return (unsigned)unread < UNREADS ? texts[unread] : "?";
}
