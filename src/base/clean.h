/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CLEAN_H
#define BASE_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * True for a code point that no text from outside may bring to a terminal or a log: control
 * characters, separators of lines, and what reorders text (bidirectional marks, embeddings,
 * overrides and isolates).
 */
bool clean_is_unsafe(uint32_t point);

/*
 * Appends TEXT at BUFFER[AT]. What clean_is_unsafe() refuses, or is no UTF-8 (RFC 3629), becomes
 * '?'. Cuts at a whole character and terminates. SIZE is greater than AT. Returns the new end.
 */
size_t clean_append(char *buffer, size_t size, size_t at, const char *text);

/* Prints TEXT, of any length, with the same replacements. */
void clean_print(const char *text, FILE *out);

#endif
