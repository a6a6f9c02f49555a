/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_VANTAGE_FIXTURE_H
#define TEST_VANTAGE_FIXTURE_H

#include "vantage/ledger/ledger.h"

/*
 * A roster from a few lines of text, a ledger on it whose sink keeps the records, and a clock
 * that stands still until it is set. Any failure fails the test.
 *
 * Each line is a network: "TARGET PREFIX HOSTS". HOSTS is the number of listed hosts in each
 * block of an IPv4 prefix, .1 and on; without it the network is open. Lines of one target
 * follow each other; networks are in ascending order.
 */
#define FIXTURE_TARGETS 8
#define FIXTURE_RECORDS 256

/* Seconds of the monotonic clock and of wall time at which the ledger begins. */
#define FIXTURE_START_S 100000
#define FIXTURE_WALL_S 1800000000

struct fixture_record {
	struct record record;
	char subject[64]; /* of an event or condition: `record` points to it */
};

struct fixture {
	struct bw_target *targets[FIXTURE_TARGETS];
	size_t target_count;
	struct roster roster;
	struct ledger *ledger;
	struct fixture_record records[FIXTURE_RECORDS];
	unsigned count; /* of records; more than FIXTURE_RECORDS fail */
};

struct fixture *fixture_new(const char *lines, bool keeps_events);
void fixture_free(struct fixture *fixture);

/* The moment SECONDS after the ledger began, and the time of the ledger set to it. */
struct bw_mono fixture_mono(double seconds);
struct bw_wall fixture_wall(double seconds);
struct bw_now fixture_now(double seconds);
void fixture_set_time(struct fixture *fixture, double seconds);

/* The Nth record of this type since the last fixture_forget(); fails when there is none. */
const struct record *fixture_record_of(const struct fixture *fixture, enum record_type type,
				       unsigned n);
unsigned fixture_count_of(const struct fixture *fixture, enum record_type type);
void fixture_forget(struct fixture *fixture);

#endif
