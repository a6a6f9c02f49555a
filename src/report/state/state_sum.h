/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_STATE_STATE_SUM_H
#define REPORT_STATE_STATE_SUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * The checksum of a state file. SUM is that of the lines so far, 0 before the first;
 * returns the sum with one line more, whose newline counts. Each line is hashed under a
 * key made of the sum before it, so the sum depends on the order of the lines and needs
 * none of them in memory.
 */
uint64_t state_sum(uint64_t sum, const char *line, size_t length);

#endif
