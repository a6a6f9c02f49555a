/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_TERMINAL_H
#define APP_COMMON_TERMINAL_H

#include "report/text/paint.h"

/*
 * Returns what the reader of a descriptor can show. Colours: FD is a terminal, NO_COLOR is
 * empty or not set, and TERM is not "dumb". UTF-8: the locale's character set is UTF-8. Sets
 * LC_CTYPE of the process from the environment.
 */
struct paint terminal_paint(int fd);

/* Returns the width of the terminal in columns; 0 if FD is no terminal, or does not say. */
unsigned terminal_width(int fd);

#endif
