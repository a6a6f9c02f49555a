/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_FORMAT_EXCERPT_H
#define SHIP_FORMAT_EXCERPT_H

#include <stddef.h>

/*
 * Copies text that a stranger sent, on one line: control characters and runs of blanks become
 * one blank, bytes beyond ASCII '?'. What does not fit into SIZE bytes is cut off.
 */
void excerpt_copy(char *to, size_t size, const char *from, size_t length);

#endif
