/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/delivery/failure.h"

const char *failure_name(enum failure failure)
{
	switch (failure) {
#define X(name, text) \
	case name:    \
		return text;
		FAILURE_LIST(X)
#undef X
	case FAILURES:
		break;
	}
	return "";
}
