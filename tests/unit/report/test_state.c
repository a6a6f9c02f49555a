/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/state/state_read.h"
#include "report/state/state_write.h"
#include "state_samples.h"

/* All that a reader hands over. */
struct kept {
	unsigned heads, blocks, groups;
	struct state_head head;
	struct state_block block[2];
	struct state_group group[2];
	char vantage[STATE_NAME_MAX + 1];
	int answer; /* of the handlers */
};

static int keep_head(void *self, const struct state_head *head)
{
	struct kept *kept = self;

	kept->head = *head;
	snprintf(kept->vantage, sizeof(kept->vantage), "%s", head->vantage);
	assert_string_equal(head->program, "0.1.0");
	kept->heads++;
	return 0;
}

static int keep_block(void *self, const struct state_block *block)
{
	struct kept *kept = self;

	assert_string_equal(block->target, "kp");
	if (kept->blocks < 2)
		kept->block[kept->blocks] = *block;
	kept->blocks++;
	return kept->answer;
}

static int keep_group(void *self, const struct state_group *group)
{
	struct kept *kept = self;

	assert_string_equal(group->target, "kp");
	if (kept->groups < 2)
		kept->group[kept->groups] = *group;
	kept->groups++;
	return 0;
}

static int read_text(const char *text, size_t length, struct kept *kept, struct bw_err *err)
{
	const struct state_handlers handlers = {.head = keep_head,
						.block = keep_block,
						.group = keep_group,
						.self = kept};
	char *exact = malloc(length ? length : 1);
	int result;

	assert_non_null(exact);
	memcpy(exact, text, length);
	result = state_read(exact, length, "state.jsonl", &handlers, err);
	free(exact);
	return result;
}

static void assert_same_outage(const struct state_outage *a, const struct state_outage *b)
{
	assert_int_equal(a->open, b->open);
	assert_int_equal(a->earliest.ns, b->earliest.ns);
	assert_int_equal(a->latest.ns, b->latest.ns);
}

static void assert_same_history(const struct state_history *a, const struct state_history *b)
{
	assert_int_equal(a->first.ns, b->first.ns);
	assert_int_equal(a->outages, b->outages);
	assert_int_equal(a->longest_ns, b->longest_ns);
	assert_int_equal(a->dark_ns, b->dark_ns);
	assert_int_equal(a->last_end.ns, b->last_end.ns);
}

static void assert_same_lateness(const struct state_lateness *a, const struct state_lateness *b)
{
	assert_int_equal(a->answers, b->answers);
	assert_true(a->late == b->late);
	assert_int_equal(a->late_ns, b->late_ns);
}

static void assert_same_learned(const struct state_block *a, const struct state_block *b)
{
	assert_int_equal(a->few_hosts, b->few_hosts);
	assert_int_equal(a->silent_since.ns, b->silent_since.ns);
	assert_int_equal(a->false_alarm.ns, b->false_alarm.ns);
	assert_true(a->dark_until.ns == b->dark_until.ns);
	assert_true(a->dark_until_before.ns == b->dark_until_before.ns);
	assert_true(a->rests == b->rests && a->rest == b->rest && a->evening == b->evening);
	assert_memory_equal(&a->absences, &b->absences, sizeof(a->absences));
	assert_int_equal(a->moves, b->moves);
	assert_memory_equal(a->out_since, b->out_since, sizeof(a->out_since));
	assert_int_equal(a->usual.rounds, b->usual.rounds);
	assert_true(a->usual.loss == b->usual.loss && a->usual.loss_now == b->usual.loss_now);
	assert_int_equal(a->usual.rtt_ns, b->usual.rtt_ns);
	assert_int_equal(a->usual.rtt_now_ns, b->usual.rtt_now_ns);
	assert_true(a->usual.spread == b->usual.spread);
	assert_same_lateness(&a->lateness, &b->lateness);
}

static void assert_same_joint(const struct state_joint *a, const struct state_joint *b)
{
	assert_true(a->nats == b->nats && a->down == b->down);
	assert_int_equal(a->since.ns, b->since.ns);
	assert_int_equal(a->phases.downs, b->phases.downs);
	assert_true(a->expected == b->expected && a->replied == b->replied);
	assert_int_equal(a->counted.ns, b->counted.ns);
	assert_same_lateness(&a->lateness, &b->lateness);
}

static void assert_same_hearing(const struct state_hearing *a, const struct state_hearing *b)
{
	assert_int_equal(a->heard_ns, b->heard_ns);
	assert_int_equal(a->silent_ns, b->silent_ns);
	assert_int_equal(a->longest_ns, b->longest_ns);
	assert_true(a->nats == b->nats);
	assert_int_equal(a->heard_half_hours, b->heard_half_hours);
	assert_int_equal(a->silent_half_hours, b->silent_half_hours);
}

static void assert_same_returns(const struct state_returns *a, const struct state_returns *b)
{
	assert_int_equal(a->earliest.ns, b->earliest.ns);
	assert_int_equal(a->latest.ns, b->latest.ns);
	assert_int_equal(a->ended.ns, b->ended.ns);
	assert_int_equal(a->ended_within_s, b->ended_within_s);
	assert_int_equal(a->count, b->count);
	for (uint32_t i = 0; i < a->count; i++) {
		assert_int_equal(a->list[2 * i].ns, b->list[2 * i].ns);
		assert_int_equal(a->list[2 * i + 1].ns, b->list[2 * i + 1].ns);
		assert_int_equal(a->within_s[i], b->within_s[i]);
	}
}

static void assert_same_block(const struct state_block *a, const struct state_block *b)
{
	assert_int_equal(bw_prefix_compare(&a->block, &b->block), 0);
	assert_int_equal(a->verdict, b->verdict);
	assert_int_equal(a->since.ns, b->since.ns);
	assert_int_equal(a->last_answer.ns, b->last_answer.ns);
	assert_true(a->log_odds == b->log_odds);
	assert_int_equal(a->conditions, b->conditions);
	assert_int_equal(a->known, b->known);
	assert_int_equal(a->never_seen, b->never_seen);
	assert_int_equal(a->down, b->down);
	assert_true(a->penalty == b->penalty);
	assert_int_equal(a->penalty_at.ns, b->penalty_at.ns);
	assert_int_equal(a->unstable.ns, b->unstable.ns);
	assert_true(a->hot_availability == b->hot_availability);
	assert_true(a->cold_availability == b->cold_availability);
	assert_true(a->again_availability == b->again_availability);
	assert_int_equal(a->hot_count, b->hot_count);
	assert_int_equal(a->hot_methods, b->hot_methods);
	for (uint32_t i = 0; i < a->hot_count; i++)
		assert_true(bw_addr_equal(&a->hot[i], &b->hot[i]));
	assert_int_equal(a->phases.downs, b->phases.downs);
	assert_int_equal(a->phases.down_ns, b->phases.down_ns);
	assert_int_equal(a->phases.longest_ns, b->phases.longest_ns);
	assert_same_outage(&a->outage, &b->outage);
	assert_same_returns(&a->returns, &b->returns);
	assert_same_history(&a->history, &b->history);
	assert_same_learned(a, b);
}

static void assert_same_group(const struct state_group *a, const struct state_group *b)
{
	assert_int_equal(a->scope, b->scope);
	assert_int_equal(bw_prefix_compare(&a->network, &b->network), 0);
	assert_int_equal(a->verdict, b->verdict);
	assert_int_equal(a->since.ns, b->since.ns);
	assert_memory_equal(a->out_since, b->out_since, sizeof(a->out_since));
	assert_same_joint(&a->joint, &b->joint);
	assert_same_hearing(&a->hearing, &b->hearing);
	assert_same_outage(&a->outage, &b->outage);
	assert_same_returns(&a->returns, &b->returns);
	assert_same_history(&a->history, &b->history);
}

static void test_round_trip(void **state)
{
	const struct state_block dark = sample_dark_block();
	const struct state_block fresh = sample_new_block("2001:db8:7::/48");
	const struct state_group network = sample_network(), target = sample_whole_target();
	char *text = sample_state();
	struct kept kept = {0};

	(void)state;
	assert_int_equal(read_text(text, strlen(text), &kept, NULL), 0);
	assert_int_equal(kept.heads, 1);
	assert_int_equal(kept.head.boots, 3);
	assert_true(kept.head.references);
	assert_int_equal(kept.head.saved.ns, sample_head(2, 2, 1).saved.ns);
	assert_string_equal(kept.vantage, "b\xc3\xa9rlin \"1\"");
	assert_same_block(&kept.block[0], &dark);
	assert_same_block(&kept.block[1], &fresh);
	assert_same_group(&kept.group[0], &target);
	assert_same_group(&kept.group[1], &network);
	free(text);
}

/* The form on disk: whoever changes it needs a new version. */
#define SAMPLE_OUTAGE                                                               \
		"\"outage\":{\"earliest_ns\":1795262330000000000," \
		"\"latest_ns\":1795262340000000000},"
#define SAMPLE_REST \
		"\"returns\":{\"earliest_ns\":1795253400000000000," \
		"\"latest_ns\":1795253410000000000,\"ended_ns\":1795262300000000000," \
		"\"ended_within_s\":9,\"list_ns\":[" \
		"1795262300000000000,1795262340000000000],\"within_s\":[11]}," \
		"\"history\":{\"first_ns\":1792670400000000000,\"outages\":2," \
		"\"longest_ns\":1900000000007,\"dark_ns\":2000000000000," \
		"\"last_end_ns\":1795176000000000000}}\n"

static void test_form(void **state)
{
	static const char wanted[] =
		"{\"schema\":\"blockwatch/state/5\",\"vantage\":\"b\xc3\xa9rlin \\\"1\\\"\","
		"\"program\":\"0.1.0\",\"boots\":3,\"references\":true,"
		"\"saved_ns\":1795262400000000000,\"blocks\":2,\"groups\":2,\"paths\":1}\n"
		"{\"type\":\"target\",\"target\":\"kp\",\"verdict\":\"up\",\"told\":\"unknown\","
		"\"since_ns\":1795262340000000000,\"degraded_since_ns\":1795261500000000000,"
		"\"slow_since_ns\":1795261700000000000,\"joint\":{\"nats\":1.5,"
		"\"since_ns\":1795258800000000000,"
		"\"phases\":{\"downs\":4,\"down_ns\":500000000000,"
		"\"longest_ns\":400000000000},\"expected\":12.5,\"replied\":3,"
		"\"counted_ns\":1795262395000000000,\"answers\":120,\"late\":0.875,"
		"\"late_ns\":44000000000},"
		"\"hearing\":{\"heard_ns\":172800000000000,\"longest_ns\":300000000000},"
		"\"history\":{\"first_ns\":1795262340000000000}}\n"
		"{\"type\":\"network\",\"target\":\"kp\",\"network\":\"198.18.4.0/22\","
		"\"verdict\":\"dark\",\"told\":\"up\",\"since_ns\":1795262340000000000,"
		"\"degraded_since_ns\":1795261800000000000,\"slow_since_ns\":1795261900000000000,"
		"\"hearing\":{\"heard_ns\":86400000000000,\"silent_ns\":30000000000,"
		"\"longest_ns\":600000000000,\"nats\":2.25,"
		"\"heard_half_hours\":281474959933440,\"silent_half_hours\":4095},"
		SAMPLE_OUTAGE SAMPLE_REST
		"{\"type\":\"block\",\"target\":\"kp\",\"block\":\"198.18.4.0/24\","
		"\"verdict\":\"dark\",\"since_ns\":1795262339123456789,"
		"\"last_answer_ns\":1795262330000000000,\"log_odds\":-12.345678,"
		"\"conditions\":[\"icmp-filtered\",\"lone\"],\"known\":true,\"down\":true,"
		"\"penalty\":0.75,\"penalty_at_ns\":1795262340000000000,"
		"\"unstable_ns\":1795262335000000000,\"silent_since_ns\":1795262331000000000,"
		"\"false_alarm_ns\":1795255200000000000,\"hot_availability\":0.9451,"
		"\"cold_availability\":0,\"again_availability\":0.75,"
		"\"hot\":[\"198.18.4.9\",\"198.18.4.1\"],\"hot_ways\":4,"
		"\"rest\":20,\"evening\":11,"
		"\"absences\":{\"count\":3,\"total_ns\":7200000000000,\"heard_hours\":480},"
		"\"moves\":4,"
		"\"usual\":{\"rounds\":30,\"loss\":0.0125,\"loss_now\":0.25,"
		"\"rtt_ns\":80000000,\"rtt_now_ns\":330000000,\"spread\":0.1},"
		"\"lateness\":{\"answers\":24,\"late\":0.625,\"late_ns\":21000000000},"
		"\"degraded_since_ns\":1795261500000000000,\"slow_since_ns\":1795261600000000000,"
		"\"phases\":{\"downs\":2,\"down_ns\":300000000000,"
		"\"longest_ns\":200000000000},"
		SAMPLE_OUTAGE
		"\"dark_until_ns\":1795262380000000000,"
		"\"dark_until_before_ns\":1795262360000000000," SAMPLE_REST
		"{\"type\":\"block\",\"target\":\"kp\",\"block\":\"2001:db8:7::/48\","
		"\"verdict\":\"unknown\",\"told\":\"up\","
		"\"since_ns\":1795262400000000000,\"never_seen\":true,\"few_hosts\":true}\n"
		"{\"type\":\"path\",\"target\":\"kp\",\"destination\":\"198.18.4.9\","
		"\"method\":\"tcp:443\",\"flow\":2,\"traces\":17,\"end\":9,"
		"\"traced_ns\":1795261800000000000,\"hops\":[[1,\"10.99.1.2\",3,255,0],"
		"[4,\"10.99.4.2\",1,200,0],[4,\"10.99.44.2\",2,90,1440]]}\n"
		"{\"type\":\"end\",\"blocks\":2,\"groups\":2,\"paths\":1,"
		"\"checksum\":\"57f8510e2b84ddc4\"}\n";
	char *text = sample_state();

	(void)state;
	assert_string_equal(text, wanted);
	free(text);
}

static void test_nothing_to_keep(void **state)
{
	const struct state_head head = sample_head(0, 0, 0);
	const struct state_handlers nobody = {0};
	struct state_writer writer;
	char text[512] = "";
	FILE *file = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_int_equal(state_writer_begin(&writer, file, &head, NULL), 0);
	assert_int_equal(state_writer_end(&writer), 0);
	fclose(file);
	assert_int_equal(state_read(text, strlen(text), "state.jsonl", &nobody, NULL), 0);
}

/* Not a bit may change, and nothing is handed over when one has. */
static void test_every_changed_byte(void **state)
{
	char *text = sample_state();
	const size_t length = strlen(text);
	struct kept kept = {0};
	struct bw_err err;

	(void)state;
	for (size_t i = 0; i < length; i++) {
		text[i] ^= 1;
		if (read_text(text, length, &kept, &err) == 0)
			fail_msg("accepted with byte %zu changed", i);
		assert_string_equal(err.file, "state.jsonl");
		assert_true(err.line >= 1 && err.line <= 7);
		assert_true(err.message[0] != '\0');
		text[i] ^= 1;
	}
	assert_int_equal(kept.heads + kept.blocks + kept.groups, 0);
	free(text);
}

static void test_every_cut(void **state)
{
	char *text = sample_state();
	struct kept kept = {0};
	struct bw_err err;

	(void)state;
	for (size_t length = 0; length < strlen(text); length++)
		assert_int_equal(read_text(text, length, &kept, &err), BW_ERR_SYNTAX);
	assert_int_equal(kept.heads + kept.blocks + kept.groups, 0);
	free(text);
}

/* Expects a failure with this code, line and field, and these words. */
static void assert_refused(const char *text, int code, int line, const char *field,
			   const char *words)
{
	struct kept kept = {0};
	struct bw_err err;
	int result = read_text(text, strlen(text), &kept, &err);

	if (result != code || err.line != line || strcmp(err.field, field) != 0 ||
	    !strstr(err.message, words))
		fail_msg("got %d, line %d, '%s': '%s'; expected %d, line %d, '%s': '%s'\n%s",
			 result, err.line, err.field, err.message, code, line, field, words, text);
}

static void test_lines_lost_or_moved(void **state)
{
	char *text = sample_state(), *second = strchr(text, '\n') + 1;
	char *third = strchr(second, '\n') + 1, *end = strstr(text, "{\"type\":\"end\"");
	char *moved;

	(void)state;
	assert_true(asprintf(&moved, "%.*s%s", (int)(second - text), text, third) > 0);
	assert_refused(moved, BW_ERR_SYNTAX, 6, "", "checksum");
	free(moved);
	assert_true(asprintf(&moved, "%s%s", text, end) > 0);
	assert_refused(moved, BW_ERR_SYNTAX, 8, "", "checksum");
	free(moved);
	*end = '\0';
	assert_refused(text, BW_ERR_SYNTAX, 6, "", "the end is missing");
	*second = '\0';
	assert_refused(text, BW_ERR_SYNTAX, 1, "", "the end is missing");
	free(text);
}

static void test_no_state_at_all(void **state)
{
	(void)state;
	assert_refused("", BW_ERR_SYNTAX, 0, "", "empty");
	assert_refused("\n", BW_ERR_SYNTAX, 1, "", "no state of blockwatch");
	assert_refused("{\"schema\":\"blockwatch/target/1\"}\n", BW_ERR_SYNTAX, 1, "", "no state");
	assert_refused("{\"schema\":\"blockwatch/state/6\",\"new\":1}\n", BW_ERR_VALUE, 1, "schema",
		       "another version");
	assert_refused("{\"schema\":\"blockwatch/state/1\",\"vantage\":\"x\"}\n", BW_ERR_SYNTAX, 1,
		       "program", "missing");
}

/* What only a program that is wrong can have written: the checksum fits. */
static const struct {
	const char *from, *to;
	int code, line;
	const char *field;
} impossible[] = {
	{"\"boots\":3", "\"boots\":0", BW_ERR_VALUE, 1, "boots"},
	{"\"boots\":3", "\"boots\":4294967296", BW_ERR_SYNTAX, 1, "boots"},
	{"\"vantage\":\"b", "\"vantage\":\"\xff", BW_ERR_VALUE, 1, "vantage"},
	{"\"saved_ns\":1", "\"saved_ns\":9", BW_ERR_SYNTAX, 1, "saved_ns"},
	{"\"blocks\":2", "\"blocks\":3", BW_ERR_SYNTAX, 1, ""},
	{"\"groups\":2", "\"groups\":1", BW_ERR_SYNTAX, 1, ""},
	{"\"paths\":1", "\"paths\":2", BW_ERR_SYNTAX, 1, ""},
	{"\"type\":\"target\"", "\"type\":\"country\"", BW_ERR_SYNTAX, 2, "type"},
	{"\"verdict\":\"up\"", "\"verdict\":\"good\"", BW_ERR_SYNTAX, 2, "verdict"},
	{"\"since_ns\":", "\"since\":", BW_ERR_SYNTAX, 2, "since_ns"},
	{"\"since_ns\":1795262340000000000", "\"since_ns\":0", BW_ERR_VALUE, 2, "since_ns"},
	{"\"since_ns\":1", "\"since_ns\":8", BW_ERR_VALUE, 2, "since_ns"},
	{"\"history\":{", "\"future\":1,\"history\":{", BW_ERR_SYNTAX, 2, ""},
	{"/22", "/21", BW_ERR_SYNTAX, 3, "network"},
	{"\"verdict\":\"dark\"", "\"verdict\":\"up\"", BW_ERR_VALUE, 3, "outage"},
	{"\"earliest_ns\":1795", "\"earliest_ns\":1796", BW_ERR_VALUE, 3, "outage.earliest_ns"},
	{"\"ended_ns\":1795262300000000000", "\"ended_ns\":1", BW_ERR_VALUE, 3, "returns.ended_ns"},
	{"\"latest_ns\":1795262340000000000", "\"latest_ns\":-1", BW_ERR_SYNTAX, 3,
	 "outage.latest_ns"},
	{",\"outages\":2", "", BW_ERR_VALUE, 3, "history.outages"},
	{"\"dark_ns\":2000000000000", "\"dark_ns\":1", BW_ERR_VALUE, 3, "history.longest_ns"},
	{"\"dark_ns\":2", "\"dark_ns\":4000000000000000002", BW_ERR_SYNTAX, 3, "history.dark_ns"},
	{"\"dark_ns\":2000000000000", "\"dark_ns\":3155760000000000001", BW_ERR_VALUE, 3,
	 "history.dark_ns"},
	{"340000000000},", "340000000000,\"boot\":2,\"seq\":1},", BW_ERR_SYNTAX, 3, "outage"},
	{"198.18.4.0/24", "198.18.4.0/33", BW_ERR_SYNTAX, 4, "block"},
	{"-12.345678", "-1200", BW_ERR_VALUE, 4, "log_odds"},
	{"-12.345678", "null", BW_ERR_SYNTAX, 4, "log_odds"},
	{"\"lone\"", "\"icmp-filtered\"", BW_ERR_SYNTAX, 4, "conditions"},
	{"\"lone\"", "\"lonely\"", BW_ERR_SYNTAX, 4, "conditions"},
	{"\"known\":true", "\"known\":false", BW_ERR_SYNTAX, 4, "known"},
	{"\"penalty\":0.75", "\"penalty\":-0.75", BW_ERR_VALUE, 4, "penalty"},
	{"\"penalty_at_ns\":1795262340000000000,", "", BW_ERR_VALUE, 4, "penalty_at_ns"},
	{"\"rest\":20", "\"rest\":4096", BW_ERR_VALUE, 4, "rest"},
	{"\"loss\":0.0125", "\"loss\":1.5", BW_ERR_VALUE, 4, "usual.loss"},
	{"\"spread\":0.1", "\"spread\":99", BW_ERR_VALUE, 4, "usual.spread"},
	{"\"dark_until_before_ns\":1795262360", "\"dark_until_before_ns\":1795262390", BW_ERR_VALUE,
	 4, "dark_until_before_ns"},
	{"\"nats\":1.5", "\"nats\":-1.5", BW_ERR_VALUE, 2, "joint.nats"},
	{",\"counted_ns\":1795262395000000000", "", BW_ERR_VALUE, 2, "joint.counted_ns"},
	{",\"within_s\":[11]", "", BW_ERR_SYNTAX, 3, "returns.within_s"},
	{"\"within_s\":[11]", "\"within_s\":[11,12]", BW_ERR_SYNTAX, 3, "returns.within_s"},
	{"0.9451", "1.1", BW_ERR_VALUE, 4, "hot_availability"},
	{"\"cold_availability\":0", "\"cold_availability\":-0.5", BW_ERR_SYNTAX, 4,
	 "cold_availability"},
	{"0.75,\"hot\"", "1.75,\"hot\"", BW_ERR_VALUE, 4, "again_availability"},
	{"\"downs\":2,", "", BW_ERR_SYNTAX, 4, "phases.downs"},
	{"\"down_ns\":3", "\"down_ns\":1", BW_ERR_VALUE, 4, "phases.longest_ns"},
	{"198.18.4.9", "198.18.5.9", BW_ERR_VALUE, 4, "hot"},
	{"198.18.4.9", "2001:db8::9", BW_ERR_VALUE, 4, "hot"},
	{"198.18.4.9", "198.18.4.1", BW_ERR_VALUE, 4, "hot"},
	{"198.18.4.9", "198.18.4", BW_ERR_SYNTAX, 4, "hot"},
	{"\"verdict\":\"unknown\"", "\"verdict\":\"dark\"", BW_ERR_VALUE, 5, "never_seen"},
	{"\"hot\":[", "\"hot\":[],\"cold\":[", BW_ERR_SYNTAX, 4, "hot"},
};

static void test_impossible_values(void **state)
{
	char *text = sample_state();

	(void)state;
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
		char *lines = sample_edit(text, impossible[i].from, impossible[i].to);
		char *sealed = sample_seal(lines);

		assert_refused(sealed, impossible[i].code, impossible[i].line, impossible[i].field,
			       "");
		free(sealed);
		free(lines);
	}
	free(text);
}

static void test_too_many_hot_hosts(void **state)
{
	char list[600] = "\"hot\":[", *text = sample_state(), *lines, *sealed;

	(void)state;
	for (int i = 0; i < STATE_HOT_MAX; i++)
		snprintf(list + strlen(list), 32, "\"198.18.4.%d\",", 100 + i);
	lines = sample_edit(text, "\"hot\":[", list);
	sealed = sample_seal(lines);
	assert_refused(sealed, BW_ERR_SYNTAX, 4, "hot", "more than 16");
	free(sealed);
	free(lines);
	free(text);
}

static void test_handler_ends_reading(void **state)
{
	char *text = sample_state();
	struct kept kept = {.answer = -ENOMEM};
	struct bw_err err;

	(void)state;
	assert_int_equal(read_text(text, strlen(text), &kept, &err), -ENOMEM);
	assert_int_equal(err.code, -ENOMEM);
	assert_int_equal(err.line, 4);
	assert_true(err.message[0] != '\0');
	assert_int_equal(kept.blocks, 1);
	free(text);
}

static void test_longest_line_fits(void **state)
{
	const struct state_head head = sample_head(1, 0, 0);
	struct state_block block = sample_dark_block();
	char name[STATE_NAME_MAX + 1];
	struct state_writer writer;
	FILE *file = fopen("/dev/null", "w");

	(void)state;
	memset(name, 1, STATE_NAME_MAX);
	name[STATE_NAME_MAX] = '\0';
	block.target = name;
	assert_int_equal(bw_prefix_parse("2001:db8::/32", &block.block, NULL), 0);
	block.conditions = (1U << BW_CONDITIONS) - 1;
	block.hot_count = STATE_HOT_MAX;
	for (unsigned i = 0; i < STATE_HOT_MAX; i++) {
		memset(block.hot[i].bytes, 0xab, 16);
		memcpy(block.hot[i].bytes, block.block.addr.bytes, 4);
		block.hot[i].family = 6;
		block.hot[i].bytes[15] = (uint8_t)(0x10 + i);
	}
	block.returns.count = STATE_RETURNS_MAX;
	for (unsigned i = 1; i < STATE_RETURNS_MAX; i++) {
		block.returns.list[2 * i] = block.returns.list[2 * i + 1] = block.returns.list[1];
		block.returns.within_s[i] = UINT32_MAX;
	}
	state_writer_begin(&writer, file, &head, NULL);
	assert_int_equal(state_writer_put_block(&writer, &block), 0);
	assert_int_equal(state_writer_end(&writer), 0);
	fclose(file);
}

static void test_full_device(void **state)
{
	const struct state_head head = sample_head(1, 0, 0);
	const struct state_block block = sample_dark_block();
	FILE *file = fopen("/dev/full", "w");
	struct state_writer writer;
	struct bw_err err;

	(void)state;
	assert_non_null(file);
	setvbuf(file, NULL, _IONBF, 0);
	assert_int_equal(state_writer_begin(&writer, file, &head, &err), -ENOSPC);
	assert_int_equal(state_writer_put_block(&writer, &block), -ENOSPC);
	assert_int_equal(state_writer_end(&writer), -ENOSPC);
	assert_string_equal(err.message, "cannot write: No space left on device");
	fclose(file);
}

#define MANY 50000

static void put_many(struct state_writer *writer)
{
	struct state_block block = sample_dark_block();

	block.hot_count = 0;
	for (uint32_t i = 0; i < MANY; i++) {
		block.block.addr = bw_addr_from_v4(i << 8);
		assert_int_equal(state_writer_put_block(writer, &block), 0);
	}
}

static void test_many_blocks(void **state)
{
	const struct state_head head = sample_head(MANY, 0, 0);
	struct kept kept = {0};
	const struct state_handlers handlers = {.head = keep_head,
						.block = keep_block,
						.group = keep_group,
						.self = &kept};
	struct state_writer writer;
	size_t length;
	char *text;
	FILE *file = open_memstream(&text, &length);

	(void)state;
	state_writer_begin(&writer, file, &head, NULL);
	put_many(&writer);
	assert_int_equal(state_writer_end(&writer), 0);
	fclose(file);
	assert_int_equal(state_read(text, length, "state.jsonl", &handlers, NULL), 0);
	assert_int_equal(kept.blocks, MANY);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_nothing_to_keep),
		cmocka_unit_test(test_every_changed_byte),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_lines_lost_or_moved),
		cmocka_unit_test(test_no_state_at_all),
		cmocka_unit_test(test_impossible_values),
		cmocka_unit_test(test_too_many_hot_hosts),
		cmocka_unit_test(test_handler_ends_reading),
		cmocka_unit_test(test_longest_line_fits),
		cmocka_unit_test(test_full_device),
		cmocka_unit_test(test_many_blocks),
	};

	return cmocka_run_group_tests_name("report/state", tests, NULL, NULL);
}
