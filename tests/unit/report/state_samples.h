/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_REPORT_STATE_SAMPLES_H
#define TESTS_UNIT_REPORT_STATE_SAMPLES_H

#include "report/state/state.h"

/* State for tests: a vantage in its third start, one target with all that there is. */
struct state_head sample_head(uint32_t blocks, uint32_t groups, uint32_t paths);

/* A block that has everything, dark; and one of which nothing is known. */
struct state_block sample_dark_block(void);
struct state_block sample_new_block(const char *prefix);

struct state_group sample_network(void);
struct state_group sample_whole_target(void);

/* A path with a balancer at TTL 4. */
struct state_path sample_path(void);

/* The text of a state with these two blocks, groups and the path; the caller's. */
char *sample_state(void);

/* LINES (head and lines) with the end that fits them; the caller's. */
char *sample_seal(const char *lines);

/* A copy of TEXT with the first FROM replaced by TO, without its end; the caller's. */
char *sample_edit(const char *text, const char *from, const char *to);

#endif
