/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_EXIT_H
#define APP_EXIT_H

#include <blockwatch/err.h>

/* Exit codes that every command has, those of sysexits.h. */
#define EXIT_USAGE 64
#define EXIT_DATA 65
#define EXIT_MISSING 66
#define EXIT_UNAVAILABLE 69
#define EXIT_INTERNAL 70
#define EXIT_PRIVILEGE 77

/*
 * The exit code for an error code, own or -errno. -EPERM and -EACCES are those of
 * sockets (77); a file that cannot be read comes as BW_ERR_MISSING (66).
 */
int exit_code(int error);

/*
 * Says on standard error, in one line, what went wrong: "blockwatch: COMMAND:
 * FILE:LINE:COLUMN: FIELD: MESSAGE". COMMAND is NULL where the place says it all.
 * Returns exit_code(err->code).
 */
int exit_say(const char *command, const struct bw_err *err);

/* One line on standard error that is no failure. */
void exit_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * To be called before anything else: ignores SIGPIPE and SIGXFSZ, and keeps descriptors 0 to 2
 * taken, so that a socket never stands where standard output was closed.
 */
void exit_prepare(void);

/*
 * The last act of the program: empties standard output. When that fails (closed, a
 * reader that is gone, a full disk) it says so and returns EXIT_UNAVAILABLE instead
 * of STATUS.
 */
int exit_finish(int status);

#endif
