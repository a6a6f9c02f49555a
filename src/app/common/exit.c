/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/exit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	int error, status;
} codes[] = {
	{BW_ERR_USAGE, EXIT_USAGE},
	{BW_ERR_SYNTAX, EXIT_DATA},
	{BW_ERR_VALUE, EXIT_DATA},
	{BW_ERR_OVERLAP, EXIT_DATA},
	{BW_ERR_LIMIT, EXIT_DATA},
	{BW_ERR_SPECIAL_PURPOSE, EXIT_DATA},
	{BW_ERR_BLOCKLISTED, EXIT_DATA},
	{BW_ERR_MISSING, EXIT_MISSING},
	{-ENOENT, EXIT_MISSING},
	{BW_ERR_UNAVAILABLE, EXIT_UNAVAILABLE},
	{BW_ERR_NO_ROUTE, EXIT_UNAVAILABLE},
	{-ENODEV, EXIT_UNAVAILABLE},
	{-ENXIO, EXIT_UNAVAILABLE},
	{-ENETDOWN, EXIT_UNAVAILABLE},
	{-ENETUNREACH, EXIT_UNAVAILABLE},
	{-EHOSTUNREACH, EXIT_UNAVAILABLE},
	{-EADDRNOTAVAIL, EXIT_UNAVAILABLE},
	{BW_ERR_PRIVILEGE, EXIT_PRIVILEGE},
	{-EPERM, EXIT_PRIVILEGE},
	{-EACCES, EXIT_PRIVILEGE},
	{BW_ERR_INTERNAL, EXIT_INTERNAL},
};

int exit_code(int error)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].error == error)
			return codes[i].status;
	return EXIT_INTERNAL;
}

int exit_say(const char *command, const struct bw_err *err)
{
	char text[1024];

	bw_err_format(err, text, sizeof(text));
	fprintf(stderr, "blockwatch: %s%s%s\n", command ? command : "", command ? ": " : "", text);
	return exit_code(err->code);
}

void exit_warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("blockwatch: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
}

/*
 * A closed descriptor gets one that fails: standard input cannot be read from a
 * write-only /dev/null, standard output not be written to a read-only one.
 */
void exit_prepare(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
			_exit(EXIT_INTERNAL);
}

int exit_finish(int status)
{
	int failed = ferror(stdout);

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return status;
	fprintf(stderr, "blockwatch: cannot write to standard output: %s\n",
		errno ? strerror(errno) : "an earlier write failed");
	return EXIT_UNAVAILABLE;
}
