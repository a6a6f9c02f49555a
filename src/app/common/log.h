/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_LOG_H
#define APP_COMMON_LOG_H

#include <blockwatch/err.h>

/*
 * Messages to the user, on standard error, one line each. Every line begins with
 * "blockwatch: ". The functions keep no state and may be called at any time.
 */

/*
 * Logs an error as "blockwatch: COMMAND: FILE:LINE:COLUMN: FIELD: MESSAGE". COMMAND may
 * be NULL; then its part is left out. Parts of the place that ERR does not know are left
 * out, too.
 */
void log_error(const char *command, const struct bw_err *err);

/* Logs a message that is not an error: a warning, or a change of state. */
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
