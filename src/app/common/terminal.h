/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TERMINAL_H
#define APP_TERMINAL_H

#include "report/text/paint.h"

/* What a descriptor can show: colours on a terminal without NO_COLOR, UTF-8 by the locale. */
struct paint terminal_paint(int fd);

/* Columns of the terminal; 0: it is none, or does not say. */
unsigned terminal_columns(int fd);

#endif
