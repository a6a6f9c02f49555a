/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/verdict.h>

const char *bw_verdict_name(enum bw_verdict verdict)
{
	switch (verdict) {
#define X(name, text)                                                          \
	case name:                                                             \
		return text;
		BW_VERDICT_LIST(X)
#undef X
	}
	return "";
}

const char *bw_condition_name(unsigned index)
{
	static const char *const names[] = {
#define X(name, text, help) text,
		BW_CONDITION_LIST(X)
#undef X
	};

	return index < BW_CONDITIONS ? names[index] : "";
}

const char *bw_condition_help(unsigned index)
{
	static const char *const helps[] = {
#define X(name, text, help) help,
		BW_CONDITION_LIST(X)
#undef X
	};

	return index < BW_CONDITIONS ? helps[index] : "";
}

const char *bw_reason_name(unsigned index)
{
	static const char *const names[] = {
#define X(name, text, help) text,
		BW_REASON_LIST(X)
#undef X
	};

	return index < BW_REASONS ? names[index] : "";
}

const char *bw_reason_help(unsigned index)
{
	static const char *const helps[] = {
#define X(name, text, help) help,
		BW_REASON_LIST(X)
#undef X
	};

	return index < BW_REASONS ? helps[index] : "";
}

const char *bw_onset_name(enum bw_onset onset)
{
	static const char *const names[] = {
#define X(name, text) text,
		BW_ONSET_LIST(X)
#undef X
	};

	return (unsigned)onset < sizeof(names) / sizeof(names[0]) ? names[onset] : "";
}

const char *bw_scope_name(enum bw_scope scope)
{
	static const char *const names[] = {
#define X(name, text) text,
		BW_SCOPE_LIST(X)
#undef X
	};

	return (unsigned)scope < sizeof(names) / sizeof(names[0]) ? names[scope] : "";
}

const char *bw_range_name(enum bw_range range)
{
	static const char *const names[] = {
#define X(name, text) text,
		BW_RANGE_LIST(X)
#undef X
	};

	return (unsigned)range < BW_RANGES ? names[range] : "";
}
