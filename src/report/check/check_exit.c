/* SPDX-License-Identifier: Apache-2.0 */
#include "report/check/check_exit.h"

static int exit_of(const struct record_target *target)
{
	const struct record_counts *networks = &target->networks;

	if (target->verdict == BW_DARK)
		return CHECK_EXIT_CRITICAL;
	if (target->verdict == BW_FLAPPING || networks->of[BW_FLAPPING] || networks->of[BW_DARK])
		return CHECK_EXIT_WARNING;
	if (networks->total == 0 || networks->of[BW_UP] < networks->total)
		return CHECK_EXIT_UNKNOWN;
	return CHECK_EXIT_OK;
}

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
		code = check_exit_worse(code, exit_of(&targets[n]));
	return code;
}
