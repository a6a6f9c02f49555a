/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills a database of the collector with hourly sums, as many as there are after a long time: so
 * its size, and how fast they are read, can be measured without sending millions of records.
 *
 *	hourly DATABASE BLOCKS DAYS UNTIL VANTAGE...
 *
 * The vantages watch the blocks of the target kp, in networks of 16, each minute: 1 to 3 probes a
 * round, some per cent of which are lost, and round-trip times that wander about a usual one of the
 * block. The last day is that of UNTIL (Unix seconds). Prints how many rows there are, and how long
 * writing them took.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "collect/hourly/hourly_day.h"
#include "sys/db/sqlite/sqlite_store.h"

#define ROUNDS 60 /* an hour */
#define NETWORK 16
#define NETWORK_BITS 4

struct filling {
	struct store store;
	struct rng rng;
	unsigned blocks;
	int64_t day;
	const char *vantage;
	struct hourly_day block, network, target;
	uint8_t bytes[HOURLY_DAY_BYTES];
	unsigned long rows;
	size_t stored;
};

static double chance(struct filling *filling)
{
	return (double)rng_below(&filling->rng, 1U << 24) / (double)(1U << 24);
}

static void put(struct filling *filling, const struct hourly_day *day, enum bw_scope scope,
		const char *subject)
{
	const struct store_hourly row = {
		.vantage = filling->vantage,
		.target = "kp",
		.subject = subject,
		.scope = scope,
		.day = filling->day,
		.bytes = filling->bytes,
		.length = hourly_day_encode(day, filling->bytes),
	};
	struct bw_err err;

	if (filling->store.ops->put_hourly_day(filling->store.self, &row, &err) < 0) {
		fprintf(stderr, "hourly: %s\n", err.message);
		exit(1);
	}
	filling->rows++;
	filling->stored += row.length;
}

static struct hourly_round make_round(struct filling *filling, double usual_ms, double loss)
{
	struct hourly_round round = {.sent = 1 + (uint32_t)rng_below(&filling->rng, 3)};
	const double spread = chance(filling) + chance(filling) + chance(filling) - 1.5;
	const double ms = usual_ms * (1 + .1 * spread) + (chance(filling) < .01 ? 300 : 0);

	for (uint32_t n = 0; n < round.sent; n++)
		round.replies += chance(filling) >= loss;
	round.bin = round.replies > 0 ? hourly_bin((int64_t)(ms * 1e6)) : HOURLY_NO_RTT;
	return round;
}

static void fill_block(struct filling *filling, unsigned number)
{
	const double usual_ms = 20 + 200 * chance(filling), loss = .05 * chance(filling);
	char text[32];

	hourly_day_clear(&filling->block);
	for (unsigned hour = 0; hour < HOURLY_HOURS; hour++) {
		for (unsigned n = 0; n < ROUNDS; n++) {
			const struct hourly_round round = make_round(filling, usual_ms, loss);

			hourly_sum_add(&filling->block.hours[hour], &round);
		}
		hourly_sum_merge(&filling->network.hours[hour], &filling->block.hours[hour]);
		hourly_sum_merge(&filling->target.hours[hour], &filling->block.hours[hour]);
	}
	snprintf(text, sizeof(text), "10.%u.%u.0/24", number / 256, number % 256);
	put(filling, &filling->block, BW_SCOPE_BLOCK, text);
}

static void fill_day(struct filling *filling)
{
	char text[32];

	hourly_day_clear(&filling->target);
	hourly_day_clear(&filling->network);
	for (unsigned n = 0; n < filling->blocks; n++) {
		fill_block(filling, n);
		if (n % NETWORK != NETWORK - 1 && n + 1 < filling->blocks)
			continue;
		snprintf(text, sizeof(text), "10.%u.%u.0/%u", n / 256, n / NETWORK * NETWORK % 256,
			 24 - NETWORK_BITS);
		put(filling, &filling->network, BW_SCOPE_NETWORK, text);
		hourly_day_clear(&filling->network);
	}
	put(filling, &filling->target, BW_SCOPE_TARGET, "kp");
}

int main(int argc, char **argv)
{
	static struct filling filling;
	struct bw_err err;
	int64_t days, last;

	if (argc < 6) {
		fprintf(stderr, "usage: hourly DATABASE BLOCKS DAYS UNTIL VANTAGE...\n");
		return 64;
	}
	filling.rng = rng_of(1);
	filling.blocks = (unsigned)strtoul(argv[2], NULL, 10);
	days = strtol(argv[3], NULL, 10);
	last = strtol(argv[4], NULL, 10) / 86400;
	if (sqlite_store_open(argv[1], &filling.store, &err) < 0) {
		fprintf(stderr, "hourly: %s\n", err.message);
		return 1;
	}
	for (filling.day = last - days + 1; filling.day <= last; filling.day++) {
		filling.store.ops->begin(filling.store.self, &err);
		for (int n = 5; n < argc; n++) {
			filling.vantage = argv[n];
			fill_day(&filling);
		}
		if (filling.store.ops->commit(filling.store.self, &err) < 0)
			return 1;
	}
	printf("%lu rows of hourly sums, %.0f bytes each; %.1f s of processor\n", filling.rows,
	       (double)filling.stored / (double)filling.rows, (double)clock() / CLOCKS_PER_SEC);
	filling.store.ops->free(filling.store.self);
	return 0;
}
