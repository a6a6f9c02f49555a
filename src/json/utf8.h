/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_UTF8_H
#define REPORT_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xfffdu /* stands for bytes that are no UTF-8 */
#define UTF8_MAX 4               /* bytes of one character */

/*
 * Takes one character from *AT and moves *AT behind it. Returns the code point,
 * 0 at the terminator (*AT stays), UTF8_REPLACEMENT for bytes that cannot begin
 * or continue a character: overlong forms, surrogates, beyond U+10FFFF, cut
 * short. The longest such piece that begins like a character counts as one (Unicode 15,
 * section 3.9, "maximal subparts"), so that the next character is found at once.
 */
uint32_t utf8_next(const char **at);

/* False when a piece of the text is no UTF-8; a U+FFFD that is written as one is right. */
bool utf8_is_valid(const char *text);

/* Writes POINT (no surrogate, at most U+10FFFF); returns how many bytes: 1 to UTF8_MAX. */
int utf8_put(uint32_t point, char *ret_bytes);

#endif
