/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "sys/machine/clock.h"
#include "sys/spool/write/spool.h"

/*
 * How fast the spool takes records, with a loop and its threads as in `run`:
 *
 *	spool FOLDER RECORDS [SIZE]
 *
 * FOLDER must exist; SIZE, in bytes, is the limit of the spool (1 GiB).
 */
#define BATCH 1000

struct bench {
	struct loop *loop;
	struct spool *spool;
	uint64_t seq, records;
};

/* As large as a usual block record. Numbers have ten digits, so that only they are written anew. */
#define HEAD                                                                        \
	"{\"schema\":\"blockwatch/record/1\",\"type\":\"%s\",\"vantage\":\"fra1\"," \
	"\"boot\":\"0123456789abcdef\",\"seq\":"
#define REST                                                                                \
	"0000000000,\"time\":\"2026-11-30T12:00:00.000000Z\",\"target\":\"kp\","            \
	"\"network\":\"198.18.0.0/24\",\"block\":\"198.18.0.0/24\",\"verdict\":\"up\","     \
	"\"belief\":0.9987,\"conditions\":[],\"reasons\":[],"                               \
	"\"since\":\"2026-11-30T11:00:00.000000Z\",\"round\":123,\"sent\":1,\"replies\":1," \
	"\"rtt_ms\":{\"min\":12.5,\"median\":12.5,\"max\":12.5},\"availability\":0.93,"     \
	"\"silent_since\":null}\n"

static struct line {
	char text[1024];
	size_t length, seq; /* where the digits stand */
} lines[SPOOL_TYPES];

static void make_line(unsigned type)
{
	struct line *line = &lines[type];

	line->seq = (size_t)snprintf(line->text, sizeof(line->text), HEAD, spool_type_name(type));
	line->length = line->seq + (size_t)snprintf(line->text + line->seq,
						    sizeof(line->text) - line->seq, "%s", REST);
}

static void put(struct bench *bench, struct bw_now now)
{
	unsigned type = bench->seq % 10000 == 0 ? SPOOL_EVENT : SPOOL_BLOCK;
	uint64_t seq = ++bench->seq + UINT64_C(1000000000);
	struct spool_line line = {
		.text = lines[type].text,
		.length = lines[type].length,
		.type = type,
		.boot = "0123456789abcdef",
		.seq = seq,
		.time = now.wall,
	};

	for (size_t digit = 10; digit-- > 0; seq /= 10)
		lines[type].text[lines[type].seq + digit] = (char)('0' + seq % 10);
	spool_put(bench->spool, &line, now);
}

static void on_wake(void *self, struct bw_now now)
{
	struct bench *bench = self;

	for (int i = 0; i < BATCH && bench->seq < bench->records; i++)
		put(bench, now);
	spool_wake(bench->spool, now);
	if (bench->seq < bench->records)
		loop_set_deadline(bench->loop, (struct bw_mono){now.mono.ns});
	else
		loop_stop(bench->loop);
}

static void on_signal(void *self, int signal)
{
	(void)signal;
	loop_stop(((struct bench *)self)->loop);
}

int main(int argc, char **argv)
{
	static const struct loop_callbacks callbacks = {on_wake, on_signal};
	struct bench bench = {.records = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000};
	struct spool_config config = {
		.directory = argc > 1 ? argv[1] : ".",
		.limits = {argc > 3 ? strtoull(argv[3], NULL, 10) : UINT64_C(1) << 30,
			   7 * 86400 * BW_S},
	};
	struct bw_now begin;
	struct spool_stats stats;
	struct rusage usage;
	double s;

	make_line(SPOOL_BLOCK);
	make_line(SPOOL_EVENT);
	if (loop_new(&callbacks, &bench, &bench.loop, NULL) < 0)
		return 1;
	config.loop = bench.loop;
	begin = clock_now();
	if (spool_open(&config, begin, &bench.spool) < 0 || loop_run(bench.loop) < 0)
		return 1;
	s = (double)(clock_now().mono.ns - begin.mono.ns) / (double)BW_S;
	spool_flush(bench.spool);
	spool_stats(bench.spool, clock_now(), &stats);
	getrusage(RUSAGE_SELF, &usage);
	printf("%" PRIu64 " records in %.2f s: %.0f a second; in the spool %" PRIu64
	       ", dropped %" PRIu64 " block, %" PRIu64 " event; processor %.2f s, RSS %ld kB\n",
	       bench.seq, s, (double)bench.seq / s, stats.records, stats.dropped[SPOOL_BLOCK],
	       stats.dropped[SPOOL_EVENT],
	       (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
	       usage.ru_maxrss);
	spool_close(bench.spool);
	loop_free(bench.loop);
	return 0;
}
