/* SPDX-License-Identifier: Apache-2.0 */
#include "report/check/check_exit.h"

#include "report/check/check_state.h"

static int severity(int code)
{
	static const int of[] = {
		[CHECK_EXIT_OK] = 0,
		[CHECK_EXIT_UNKNOWN] = 1,
		[CHECK_EXIT_WARNING] = 2,
		[CHECK_EXIT_CRITICAL] = 3,
	};

	return of[code];
}

int check_exit_worse(int a, int b)
{
	return severity(a) >= severity(b) ? a : b;
}

int check_exit(const struct record_target *targets, size_t count)
{
	int code = count ? CHECK_EXIT_OK : CHECK_EXIT_UNKNOWN;

	for (size_t n = 0; n < count; n++)
		code = check_exit_worse(code, check_state_code(check_state(&targets[n])));
	return code;
}
