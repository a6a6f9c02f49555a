/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/record.h"

const char *record_type_name(enum record_type type)
{
	switch (type) {
#define X(name, text) \
	case name:    \
		return text;
		RECORD_TYPE_LIST(X)
#undef X
	}
	return "";
}
