/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers have a decimal point in locales that write another sign, of one byte or of two. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/json_out.h"

static int check_number(double value, const char *expected)
{
	char text[64];
	struct json_out out;
	int length;

	json_out_init(&out, text, sizeof(text));
	json_out_number(&out, value, 3);
	length = json_out_end(&out);
	if (length > 0 && strcmp(text, expected) == 0)
		return 0;
	printf("%s: expected %s, got %s\n", setlocale(LC_NUMERIC, NULL), expected, text);
	return 1;
}

static int check_locale(void)
{
	return check_number(12.345, "12.345") + check_number(-0.5, "-0.5") +
	       check_number(1200, "1200") + check_number(1.5e300, "1.5e+300") +
	       check_number(-1e15, "-1e+15");
}

int main(void)
{
	static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8",
					    "fa_IR.UTF-8", "ps_AF.UTF-8"};
	const char *folder = getenv("BW_LOCALES"); /* of tests/run */
	int tried = 0, failed = 0;

	if (folder)
		setenv("LOCPATH", folder, 1);
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		if (!setlocale(LC_NUMERIC, names[n]))
			continue;
		tried++;
		failed += check_locale();
	}
	if (!tried)
		printf("skipped: no locale with another decimal point is installed\n");
	return failed ? 1 : tried ? 0 : 77;
}
