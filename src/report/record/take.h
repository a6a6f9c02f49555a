/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_RECORD_TAKE_H
#define REPORT_RECORD_TAKE_H

#include <blockwatch/method.h>
#include <blockwatch/prefix.h>
#include <blockwatch/time.h>
#include <blockwatch/verdict.h>

#include "json/node.h"

/*
 * Takes the members of one object of a record, each by its key. A member that is missing
 * or wrong is refused (json/refuse.h) and the first such error stays in `result`: what
 * follows takes nothing and returns zero bytes, so that calls need no check in between.
 * Members that nobody asks for are ignored. Strings belong to the document.
 */
struct take {
	const struct node *object;
	int result; /* 0, or the code of the first error */
};

#define TAKE_NUMBER_MAX 1e15  /* of numbers without a narrower limit */
#define TAKE_SPAN_MAX_S 3.2e9 /* seconds of a span of time: 100 years */

/* True when the member is there and not null, which some members may be. */
bool take_has(struct take *take, const char *key);

/* The same of a member that records of older versions do not have. */
bool take_may_have(struct take *take, const char *key);

/* A member that is an object, for a struct take of its own; *ret_node must last as long. */
struct take take_object(struct take *take, const char *key, struct node *ret_node);

/* After the last member of an inner object: its error becomes that of the outer one. */
void take_close(struct take *take, const struct take *inner);

/* Any string; a string that is not empty. */
const char *take_string(struct take *take, const char *key);
const char *take_text(struct take *take, const char *key);

/* A whole number from MIN to MAX, of 64 or 32 bits; a number from 0 to MAX; true or false. */
uint64_t take_unsigned(struct take *take, const char *key, uint64_t min, uint64_t max);
uint64_t take_count(struct take *take, const char *key);
uint32_t take_small(struct take *take, const char *key);
double take_number(struct take *take, const char *key, double max);
bool take_bool(struct take *take, const char *key);

/* A number of milliseconds or seconds, at most TAKE_SPAN_MAX_S, in nanoseconds. */
int64_t take_ms(struct take *take, const char *key);
int64_t take_seconds(struct take *take, const char *key);

/* A time (RFC 3339, UTC) from 1970 to 2200; where `null` stands, ns 0. */
struct bw_wall take_time(struct take *take, const char *key);
struct bw_wall take_time_or_null(struct take *take, const char *key);

struct bw_prefix take_prefix(struct take *take, const char *key);
struct bw_addr take_addr(struct take *take, const char *key);

/* An address, or RECORD_HIDDEN in its place: then *RET_HIDDEN is true, and the family is 0. */
struct bw_addr take_addr_or_hidden(struct take *take, const char *key, bool *ret_hidden);

/*
 * A list of at most MAX prefixes or addresses, into LIST. Returns how many; 0 after an error, and
 * where the member is null or missing.
 */
unsigned take_prefixes(struct take *take, const char *key, unsigned max, struct bw_prefix *list);
unsigned take_addrs(struct take *take, const char *key, unsigned max, struct bw_addr *list);

struct bw_method take_method(struct take *take, const char *key);
struct bw_method take_trace_method(struct take *take, const char *key);

/* A word of a list of COUNT (at most TAKE_WORDS_MAX) that NAME gives: its index. */
#define TAKE_WORDS_MAX 31
unsigned take_word(struct take *take, const char *key, unsigned count,
		   const char *(*name)(unsigned index));

/* A list of such words, none of them twice: a set of 1 << index. */
unsigned take_set(struct take *take, const char *key, unsigned count,
		  const char *(*name)(unsigned index));

enum bw_verdict take_verdict(struct take *take, const char *key);

/* One that a subject of SCOPE can have: a block is not partly dark. */
enum bw_verdict take_verdict_of(struct take *take, const char *key, enum bw_scope scope);

/* What is of SCOPE: the prefix of a block or network as text, or the name of a target. */
const char *take_subject(struct take *take, const char *key, enum bw_scope scope);

#endif
