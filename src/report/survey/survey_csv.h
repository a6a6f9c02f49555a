/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SURVEY_CSV_H
#define REPORT_SURVEY_CSV_H

#include <blockwatch/err.h>

#include "report/survey/survey_answer.h"

/*
 * Answers as CSV (RFC 4180, lines end in LF), in fields that have zmap's names:
 *   saddr, saddr_raw, daddr, daddr_raw, ttl, classification, success, repeat,
 *   cooldown, timestamp_str, timestamp_ts, timestamp_us, icmp_type, icmp_code,
 *   icmp_id, icmp_seq, icmp_unreach_str, outersaddr, sport, dport, acknum
 * and some of ours:
 *   host, from, method, kind, rtt_ms, block.
 * A dash stands for an underscore (as in older versions of zmap).
 */
#define SURVEY_CSV_MAX 32 /* fields */
#define SURVEY_CSV_LINE 2048

struct survey_csv {
	uint8_t fields[SURVEY_CSV_MAX];
	unsigned count;
};

/* Parses "saddr,ttl". Returns 0 or BW_ERR_USAGE with the names that there are. */
int survey_csv_parse(const char *text, struct survey_csv *ret_csv, struct bw_err *err);

/* Both return the length, newline and all. */
size_t survey_csv_header(const struct survey_csv *csv, char line[SURVEY_CSV_LINE]);

/* IN_COOLDOWN: all probes have been sent by now. */
size_t survey_csv_line(const struct survey_csv *csv, const struct survey_answer *answer,
		       bool in_cooldown, char line[SURVEY_CSV_LINE]);

#endif
