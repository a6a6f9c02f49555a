/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_FORMAT_ANSWER_BODY_H
#define SHIP_FORMAT_ANSWER_BODY_H

#include "ship/format/answer.h"

/* The body of a 2xx answer. Both set `kind`, `failure` and `text` of VERDICT, and `items`. */

/*
 * An answer to /_bulk. 200 to 299 and 409 of an item: stored; 429 and 5xx: again; other 4xx:
 * aside. An answer that cannot be understood, or with another number of items: again.
 */
void answer_body_bulk(const struct answer *answer, struct answer_verdict *verdict);

/*
 * Our collector's answer has `stored`, and `refused` with the lines that are set aside. Any other
 * body of any other receiver means that all is stored.
 */
void answer_body_records(const struct answer *answer, struct answer_verdict *verdict);

#endif
