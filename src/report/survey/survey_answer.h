/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SURVEY_ANSWER_H
#define REPORT_SURVEY_ANSWER_H

#include <blockwatch/method.h>
#include <blockwatch/prefix.h>
#include <blockwatch/time.h>

#include "wire/reply_kind.h"

/* One answer to a survey, for the writers of text, CSV and records. */
struct survey_answer {
	struct bw_addr host; /* the address that was probed */
	struct bw_addr from; /* the source of the answer */
	struct bw_addr to;   /* our address */
	struct bw_method method;
	enum reply_kind kind;
	bool is_error; /* an ICMP error, no answer */
	uint8_t ttl, icmp_type, icmp_code;
	uint16_t local_port; /* TCP: the port of ours that it came to */
	uint32_t brief;      /* the token: id and sequence number, or that of the SYN */
	struct bw_wall sent, at;
	int64_t rtt_ns;
};

/* The block of an address: its /24 or /48. */
struct bw_prefix survey_block(const struct bw_addr *host);

#endif
