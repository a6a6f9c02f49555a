/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/log.h"

#include <stdarg.h>
#include <stdio.h>

#define ERROR_TEXT 1024

void log_error(const char *command, const struct bw_err *err)
{
	char text[ERROR_TEXT];

	bw_err_format(err, text, sizeof(text));
	fprintf(stderr, "blockwatch: %s%s%s\n", command ? command : "", command ? ": " : "", text);
}

void log_warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("blockwatch: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
}
