/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/exit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/common/log.h"

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
	{-EISDIR, EXIT_DATA},
	{-ENOTDIR, EXIT_DATA},
	{-ELOOP, EXIT_DATA},
	{-ENAMETOOLONG, EXIT_DATA},
	{-EILSEQ, EXIT_DATA},
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
	{-EADDRINUSE, EXIT_UNAVAILABLE},
	{-ENOBUFS, EXIT_UNAVAILABLE},
	{-ENOMEM, EXIT_UNAVAILABLE},
	{-EMFILE, EXIT_UNAVAILABLE},
	{-ENFILE, EXIT_UNAVAILABLE},
	{-EAGAIN, EXIT_UNAVAILABLE},
	{-EBUSY, EXIT_UNAVAILABLE},
	{-ETXTBSY, EXIT_UNAVAILABLE},
	{-EROFS, EXIT_UNAVAILABLE},
	{-ENOSPC, EXIT_UNAVAILABLE},
	{-EDQUOT, EXIT_UNAVAILABLE},
	{-EFBIG, EXIT_UNAVAILABLE},
	{-EIO, EXIT_UNAVAILABLE},
	{-EPIPE, EXIT_UNAVAILABLE},
	{-ESTALE, EXIT_UNAVAILABLE},
	{-ETIMEDOUT, EXIT_UNAVAILABLE},
	{-ECONNREFUSED, EXIT_UNAVAILABLE},
	{-ECONNRESET, EXIT_UNAVAILABLE},
	{-EAFNOSUPPORT, EXIT_UNAVAILABLE},
	{-EPROTONOSUPPORT, EXIT_UNAVAILABLE},
	{-EOPNOTSUPP, EXIT_UNAVAILABLE},
	{-ENOSYS, EXIT_UNAVAILABLE},
	{-ENOLCK, EXIT_UNAVAILABLE},
	{-EEXIST, EXIT_UNAVAILABLE},
	{-EXDEV, EXIT_UNAVAILABLE},
	{-EINTR, EXIT_UNAVAILABLE},
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

int exit_with_error(const char *command, const struct bw_err *err)
{
	log_error(command, err);
	return exit_code(err->code);
}

int exit_stdout_failed(int error, struct bw_err *err)
{
	return bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write to standard output: %s",
			  bw_error_text(error));
}

/*
 * The replacement of a closed descriptor must fail as the closed one did: /dev/null is
 * write-only as standard input, and read-only as standard output and error.
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
