/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_READ_SOUND_H
#define SHIP_READ_SOUND_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether a line (without its newline) is one JSON object (RFC 8259) in UTF-8, without
 * control characters, and nothing else. Blanks between values are refused, since records
 * have none. Objects and lists may lie SOUND_DEPTH deep in each other. Builds nothing:
 * about 1 ns a byte. A receiver refuses a whole batch for one broken line, so `ship` looks
 * at each line before it sends it.
 */
#define SOUND_DEPTH 16
bool sound_is_object(const char *text, size_t length);

#endif
