/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_SPOOL_SEGMENTS_H
#define SYS_SPOOL_SEGMENTS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The segments in the folder of a spool, by their numbers. Other files in it are left alone.
 * FOLDER is a descriptor of the folder.
 */

/* The lowest number of all that are at least AT_LEAST. Returns false if there is none. */
bool segments_find(int folder, uint64_t at_least, uint64_t *ret_number);

/* Whether there is none above NUMBER, but any at all. */
bool segments_is_newest(int folder, uint64_t number);

/* Opens one for reading. Returns the descriptor or -errno. */
int segments_open(int folder, uint64_t number);

#endif
