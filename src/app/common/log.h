/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_LOG_H
#define APP_COMMON_LOG_H

#include <stdbool.h>

#include <blockwatch/err.h>

/*
 * Messages to the user, on standard error, one line each. Every line begins with
 * "blockwatch: ". What could control a terminal or reorder text becomes '?'.
 */

/*
 * Logs an error as "blockwatch: COMMAND: FILE:LINE:COLUMN: FIELD: MESSAGE". COMMAND may
 * be NULL; then its part is left out. Parts of the place that ERR does not know are left
 * out, too.
 */
void log_error(const char *command, const struct bw_err *err);

/* Logs a message that is not an error: a warning, or a change of state. */
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Logs what a person may want to know and need not act on. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Logs what only --verbose asks for. */
void log_detail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --quiet: errors only. --verbose: details, too. Both: errors only. */
void log_set_verbosity(bool quiet, bool verbose);
bool log_is_quiet(void);

/*
 * From here on this process is a service: no message blocks (what standard error does not
 * take is lost, and counted in a later line); and if standard error is the journal
 * (JOURNAL_STREAM), each line begins with its level as sd-daemon(3) has it: <3> for errors,
 * <4> for warnings, <6> for the rest, in place of "blockwatch: ".
 */
void log_as_service(void);

/* True after log_as_service() if standard error is the journal. */
bool log_is_journal(void);

#endif
