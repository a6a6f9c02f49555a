/* SPDX-License-Identifier: Apache-2.0 */
/* Prints records of all shapes as JSON Lines, for validate_schema.py. */
#include <stdio.h>

#include "samples.h"
#include "report/record/encode.h"

static int print_record(const struct record *record)
{
	char line[RECORD_LINE_MAX];
	int length = record_encode(record, line, sizeof(line));

	if (length < 0)
		return length;
	return fwrite(line, 1, (size_t)length, stdout) == (size_t)length ? 0 : -1;
}

static int print_blocks(void)
{
	struct record record;
	int failed = 0;

	for (int verdict = 0; verdict < BW_BLOCK_VERDICTS; verdict++) {
		record = sample_block("kp", "198.18.0.0/22", "198.18.1.0/24",
				      (enum bw_verdict)verdict);
		failed |= print_record(&record);
	}
	record = sample_block("v6", "2001:db8::/32", "2001:db8:7::/48", BW_UNKNOWN);
	record.block.conditions = (1u << BW_CONDITIONS) - 1;
	record.block.parts = 0xd;
	record.block.reasons = (1u << BW_REASONS) - 1;
	record.block.since.ns = 0;
	failed |= print_record(&record);
	record.block.conditions &= ~(unsigned)BW_PARTIAL;
	record.block.network = record.block.block = sample_prefix("::ffff:198.18.1.2/128");
	failed |= print_record(&record);
	record.block.network = record.block.block = sample_prefix("0.0.0.0/0");
	return failed | print_record(&record);
}

static int print_targets(void)
{
	struct record record = sample_target("kp", "North Korea (DPR Korea)");
	int failed = print_record(&record);

	record = sample_target("198.18.4.0/24", NULL);
	record.target.verdict = BW_UP;
	record.target.networks = (struct record_counts){1, {[BW_UP] = 1}};
	record.target.blocks = (struct record_counts){2, {[BW_UP] = 1, [BW_DARK] = 1}};
	record.target.since.ns = 0;
	return failed | print_record(&record);
}

static int print_vantages(void)
{
	struct record record = sample_vantage();
	int failed = print_record(&record);

	record.vantage.healthy = false;
	record.vantage.reasons = BW_WHY_VANTAGE_OFFLINE | BW_WHY_INTERFACE_DOWN;
	record.vantage.round_ns = 60 * BW_S;
	return failed | print_record(&record);
}

static int print_events(void)
{
	struct record record = sample_vantage();
	int failed;

	record.type = RECORD_EVENT;
	record.event = (struct record_event){
		.target = "kp",
		.scope = BW_SCOPE_TARGET,
		.subject = "kp",
		.from = BW_UP,
		.to = BW_DARK,
		.detected = record.head.time,
		.latest = record.head.time,
		.confidence = 0.9975,
		.onset = BW_ONSET_ABRUPT,
	};
	failed = print_record(&record);
	record.event.path = sample_path();
	failed |= print_record(&record);
	record.event.path = NULL;
	record.event.from = BW_DARK;
	record.event.to = BW_UP;
	record.event.onset = BW_ONSET_UNKNOWN;
	record.event.withdraws = 17;
	return failed | print_record(&record);
}

static int print_conditions(void)
{
	struct record record = sample_condition();
	int failed = print_record(&record);

	record.condition.until = record.head.time;
	record.condition.rtt_now_ns = -1;
	return failed | print_record(&record);
}

static int print_traces(void)
{
	struct record_trace_hop hops[TRACE_TTL_MAX];
	struct record record;
	int failed = 0;

	for (uint8_t count = 0; count <= 3; count += 3) {
		record = sample_trace(hops, count);
		failed |= print_record(&record);
		sample_compare(&record);
		failed |= print_record(&record);
	}
	return failed;
}

int main(void)
{
	return print_blocks() || print_targets() || print_vantages() || print_events() ||
	       print_conditions() || print_traces() || fflush(stdout) ? 1 : 0;
}
