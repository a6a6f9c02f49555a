/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_WORDS_H
#define REPORT_CHECK_CHECK_WORDS_H

#include <stdio.h>

#include "report/check/check_collect.h"
#include "report/text/paint.h"

/*
 * The headline of a check and the texts of its cells. The headline names the target,
 * states its verdict and counts:
 *
 *     North Korea (DPR Korea) is up: 4 of 4 networks answer
 *     North Korea (DPR Korea) is partly dark: 1 of 4 networks is dark (198.18.2.0/24)
 *
 * It counts networks, or blocks where the target has one network. Behind it stand the
 * networks that are up although some of their blocks are not. The state ("partly dark") is
 * check_state(), from which the exit code follows, too.
 */
void check_words_headline(const struct check_target *target, const struct paint *paint, FILE *out);

/* True when the headline already gives the reason why the whole target is unknown. */
bool check_words_told_reason(const struct record_target *target);

#define CHECK_WORDS 32 /* room for each of these */

/*
 * The certainty of the verdict: "99.2 %", ">99.9 %"; rounded down, never to 100 %.
 * "-" for flapping and unknown, which have none.
 */
char *check_words_sure(enum bw_verdict verdict, double belief, char *buffer);

/* "312 ms", "4.2 ms", "0.05 ms"; "-" when negative. */
char *check_words_rtt(int64_t ns, char *buffer);

/* "just now", "3 s ago", "12 min ago", "5 h ago", "8 d ago"; "never" when THEN is 0. */
char *check_words_ago(struct bw_wall now, struct bw_wall then, char *buffer);

#endif
