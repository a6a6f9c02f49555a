/* SPDX-License-Identifier: Apache-2.0 */
#include "random_records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "collect/board/subject.h"

const char *const random_vantages[3] = {"ams1", "fra1", "sgp1"};

/* "2024-10-04T00:00:00.000000Z": all times are of one day. */
static const char *time_text(int64_t t_ns, char text[64])
{
	const time_t seconds = (time_t)(t_ns / BW_S);
	struct tm tm;
	size_t length;

	gmtime_r(&seconds, &tm);
	length = strftime(text, 64, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + length, 64 - length, ".%06" PRId64 "Z", t_ns % BW_S / 1000);
	return text;
}

static size_t put_head(struct random_records *records, char *line, size_t size, const char *type,
		       const char *vantage, int64_t t_ns)
{
	char time[64];

	return (size_t)snprintf(line, size,
				"{\"schema\":\"blockwatch/record/1\",\"type\":\"%s\","
				"\"vantage\":\"%s\",\"boot\":\"b%" PRIu64 "\",\"seq\":%" PRIu64
				",\"time\":\"%s\",",
				type, vantage, rng_below(&records->rng, 3), ++records->seq,
				time_text(t_ns, time));
}

static size_t put_block(struct random_records *records, char *line, size_t size,
			const char *vantage, int64_t t_ns)
{
	static const char *const verdicts[] = {"up", "dark", "flapping", "unknown", "dark"};
	static const int64_t agos[] = {0, 10, 1000, -100, 5000};
	struct rng *rng = &records->rng;
	const unsigned block = (unsigned)rng_below(rng, 6);
	const unsigned network = rng_below(rng, 2) ? block & ~1U : block;
	const int64_t ago = agos[rng_below(rng, 5)] * BW_S;
	const int64_t wobble = (int64_t)rng_below(rng, 3) * 400 * BW_US;
	size_t used = put_head(records, line, size, "block", vantage, t_ns);
	char time[64];

	used += (size_t)snprintf(line + used, size - used,
				 "\"target\":\"kp\",\"network\":\"198.18.%u.0/%d\","
				 "\"block\":\"198.18.%u.0/24\",\"verdict\":\"%s\",\"belief\":0.5,"
				 "\"conditions\":[],\"reasons\":[],\"since\":\"%s\",\"round\":1,"
				 "\"sent\":1,\"replies\":0,\"rtt_ms\":null,\"availability\":0.9,"
				 "\"silent_since\":null}\n",
				 network, network == block ? 24 : 23, block,
				 verdicts[rng_below(rng, 5)], time_text(t_ns - ago + wobble, time));
	return used;
}

static size_t put_vantage(struct random_records *records, char *line, size_t size,
			  const char *vantage, int64_t t_ns)
{
	struct rng *rng = &records->rng;
	size_t used = put_head(records, line, size, "vantage", vantage, t_ns);

	used += (size_t)snprintf(
		line + used, size - used,
		"\"healthy\":%s,\"reasons\":[],\"sent\":1,\"received\":1,\"capture_dropped\":0,"
		"\"send_errors\":0,\"rejected\":0,\"version\":\"0.1.0\",\"ways\":[],"
		"\"round_s\":%d}\n",
		rng_below(rng, 4) > 0 ? "true" : "false", rng_below(rng, 40) == 0 ? 120 : 60);
	return used;
}

void random_records_next(struct random_records *records, int64_t now_ns,
			 struct random_request *ret_request)
{
	struct rng *rng = &records->rng;
	static const int64_t ages[] = {0, 0, 5, 100, 4000, -3000, 3 * 86400};
	const char *vantage = random_vantages[rng_below(rng, records->vantages)];
	const int64_t t_ns = now_ns - ages[rng_below(rng, 7)] * BW_S;
	const unsigned count = 1 + (unsigned)rng_below(rng, 5);
	size_t used = 0;

	for (unsigned n = 0; n < count; n++)
		used += (rng_below(rng, 4) == 0 ? put_vantage
						: put_block)(records, ret_request->lines + used,
							     sizeof(ret_request->lines) - used,
							     vantage, t_ns + (int64_t)n * BW_MS);
	ret_request->vantage = vantage;
	ret_request->length = used;
	ret_request->count = count;
}

struct history {
	FILE *out;
	const struct board *board;
	int64_t until_ns;
};

static int print_subject(void *arg, const struct subject *subject)
{
	const struct history *history = arg;
	char text[SUBJECT_TEXT];

	fprintf(history->out, "%d %s\n", subject->scope,
		subject_format(history->board, subject, text));
	for (uint32_t n = 0; n < subject->merged->intervals.count; n++) {
		const struct interval *interval = timeline_get(subject->merged, n);

		if (interval->from_ns < history->until_ns)
			fprintf(history->out, "%" PRId64 " %" PRId64 " %d%d%d\n", interval->from_ns,
				interval->earliest_ns, interval->verdict, interval->seen_from,
				interval->lacks_quorum);
	}
	return 0;
}

char *history_text(const struct board *board, int64_t until_ns)
{
	char *text = NULL;
	size_t length;
	struct history history = {open_memstream(&text, &length), board, until_ns};

	assert_int_equal(subject_each_of(board, 0, print_subject, &history), 0);
	fclose(history.out);
	return text;
}
