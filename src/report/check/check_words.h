/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CHECK_CHECK_WORDS_H
#define REPORT_CHECK_CHECK_WORDS_H

#include <stdio.h>

#include "report/check/check_collect.h"
#include "report/text/paint.h"

/*
 * What a check says in words and in cells. The first line names the target, says
 * how it is, and counts:
 *
 *     North Korea (DPR Korea) is up: 4 of 4 networks answer
 *     North Korea (DPR Korea) is partly dark: 1 of 4 networks is dark (198.18.2.0/24)
 *
 * It counts networks; blocks where the target has no more than one network. A
 * network that is up while some of its blocks are not is said behind it.
 * "partly dark" and "flapping" are said exactly when check_exit() is 1.
 */
void check_words_headline(const struct check_target *target, const struct paint *paint, FILE *out);

/* Whether that line says in words why all is unknown, with nothing left to tell. */
bool check_words_told_reason(const struct record_target *target);

#define CHECK_WORDS 32 /* room for each of these */

/*
 * How sure the verdict is: "99.2 %", ">99.9 %"; rounded down, never to 100 %.
 * "-" for flapping and unknown, which no belief stands behind.
 */
char *check_words_sure(enum bw_verdict verdict, double belief, char *buffer);

/* "312 ms", "4.2 ms", "0.05 ms"; "-" when negative. */
char *check_words_rtt(int64_t ns, char *buffer);

/* "just now", "3 s ago", "12 min ago", "5 h ago", "8 d ago"; "never" when THEN is 0. */
char *check_words_ago(struct bw_wall now, struct bw_wall then, char *buffer);

#endif
