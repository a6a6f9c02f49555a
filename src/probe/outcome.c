/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/outcome.h"

const char *outcome_name(enum outcome_kind kind)
{
	static const char *const names[] = {
#define X(name, text) text,
		OUTCOME_LIST(X)
#undef X
	};

	return (unsigned)kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "";
}
