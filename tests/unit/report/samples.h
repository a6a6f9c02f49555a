/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_REPORT_SAMPLES_H
#define TESTS_UNIT_REPORT_SAMPLES_H

#include "report/record/record.h"

/*
 * Records for tests, complete and plausible; a test changes what it is about.
 * The moment of all is 2026-11-21T12:00:10.123456Z.
 */
struct record sample_block(const char *target, const char *network, const char *block,
			   enum bw_verdict verdict);
struct record sample_vantage(void);

/* A target without members; sample_put() counts them. */
struct record sample_target(const char *target, const char *title);

/*
 * A trace of COUNT hops (at most TRACE_TTL_MAX), into HOPS: answering, with labels, silent,
 * hidden; the last is the destination.
 */
/* A path of an event with all that it can have; it stays as it is. */
const struct record_path *sample_path(void);

/* Adds what a trace of `run` has to the record of a trace: changes, event and path. */
void sample_compare(struct record *trace);

struct record sample_trace(struct record_trace_hop *hops, uint8_t count);

/* Target kp is degraded. */
struct record sample_condition(void);

struct bw_wall sample_time(void);
struct bw_prefix sample_prefix(const char *text);

/*
 * Hands a block record to the sink and counts it in the target record: as a
 * block, and as a network of its own when it has the network to itself.
 */
void sample_put(const struct record_sink *sink, struct record *target, const struct record *block);

#endif
