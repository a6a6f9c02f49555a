/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_EXIT_H
#define APP_COMMON_EXIT_H

#include <blockwatch/err.h>

/*
 * Exit codes that all commands share; the values are those of sysexits.h. A command
 * defines its own results below 64: report/check/check_exit.h has those of `check`.
 */
#define EXIT_USAGE 64
#define EXIT_DATA 65
#define EXIT_MISSING 66
#define EXIT_UNAVAILABLE 69
#define EXIT_INTERNAL 70
#define EXIT_PRIVILEGE 77

/*
 * Returns the exit code for an error code, BW_ERR_... or -errno. EXIT_DATA: what a path names
 * is of a wrong kind (-EISDIR, -ENOTDIR). EXIT_MISSING: nothing is there. EXIT_UNAVAILABLE:
 * the machine has no more of something (disk, memory, descriptors), or a network or file
 * system refuses. EXIT_PRIVILEGE: -EPERM and -EACCES. EXIT_INTERNAL: a bug, which includes
 * every code that the table does not list. A file that cannot be read has BW_ERR_MISSING
 * from its reader.
 */
int exit_code(int error);

/* Logs the error (log_error()) and returns exit_code(err->code). COMMAND may be NULL. */
int exit_with_error(const char *command, const struct bw_err *err);

/*
 * Fills ERR for standard output that cannot be written because of ERROR (a negative code).
 * Returns BW_ERR_UNAVAILABLE.
 */
int exit_stdout_failed(int error, struct bw_err *err);

/*
 * The program calls this first. Ignores SIGPIPE and SIGXFSZ, and opens descriptors 0 to 2
 * if they are closed, so that no socket gets the number of standard output.
 */
void exit_prepare(void);

/*
 * The program calls this last. Flushes standard output and returns STATUS. If standard
 * output cannot be written (closed, no reader, disk full), logs that and returns
 * EXIT_UNAVAILABLE.
 */
int exit_finish(int status);

#endif
