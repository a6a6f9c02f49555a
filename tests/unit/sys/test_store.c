/* SPDX-License-Identifier: Apache-2.0 */
/* What a store promises (collect/store.h), over whichever database any_store.h names. */
#include "store_setting.h"
#include <time.h>

static int print_claim(void *arg, const struct store_claim *row)
{
	char block[BW_PREFIX_TEXT];

	fprintf(arg, "%s %s %s %d %" PRId64 " %" PRId64 " %" PRId64 "\n", row->vantage, row->target,
		bw_prefix_format(&row->block, block), row->claim.verdict, row->claim.since_ns,
		row->claim.said_ns, row->claim.earliest_ns);
	return 0;
}

static void put_claim(struct setting *setting, const char *block, int64_t since, int64_t said,
		      int64_t earliest)
{
	const struct store_claim row = {"fra1",
					ODD,
					prefix_of(block),
					{said, since, earliest, BW_DARK}};

	assert_int_equal(setting->ops->put_claim(setting->self, &row, &setting->err), 0);
}

static void test_claims(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;

	begin(setting);
	put_claim(setting, "2001:db8:1::/48", 5000100, 9000000, 5000000);
	put_claim(setting, "2001:db8:1::/48", 5000200, 8000000, 5000100);
	commit(setting);
	begin(setting);
	put_claim(setting, "2001:db8:1::/48", 5000300, 7000000, 4000000);
	put_claim(setting, "2001:db8:2::/48", 6000000, 7000000, 6000000);
	ops->rollback(setting->self);
	assert_int_equal(ops->each_claim(setting->self, print_claim, setting->out, &setting->err),
			 0);
	assert_string_equal(printed(setting),
			    "fra1 " ODD " 2001:db8:1::/48 3 5000100 9000000 5000000\n");
	begin(setting);
	put_claim(setting, "2001:db8:1::/48", 5000300, 7000000, 4000000);
	commit(setting);
	assert_int_equal(ops->each_claim(setting->self, print_claim, setting->out, &setting->err),
			 0);
	assert_string_equal(printed(setting),
			    "fra1 " ODD " 2001:db8:1::/48 3 5000100 9000000 4000000\n");
}

static int print_place(void *arg, const struct store_place *row)
{
	char block[BW_PREFIX_TEXT], network[BW_PREFIX_TEXT];

	fprintf(arg, "%s %s %s %" PRId64 "\n", row->target, bw_prefix_format(&row->block, block),
		bw_prefix_format(&row->network, network), row->said_ns);
	return 0;
}

static void put_place(struct setting *setting, const char *network, int64_t said)
{
	const struct store_place row = {"kp", prefix_of(network), prefix_of("198.18.1.0/24"), said};

	assert_int_equal(setting->ops->put_place(setting->self, &row, &setting->err), 0);
}

static void check_place(struct setting *setting, const char *expected)
{
	assert_int_equal(setting->ops->each_place(setting->self, print_place, setting->out,
						  &setting->err),
			 0);
	assert_string_equal(printed(setting), expected);
}

static void test_the_network_that_was_named_first(void **state)
{
	struct setting *setting = *state;

	begin(setting);
	put_place(setting, "198.18.0.0/23", 50);
	put_place(setting, "198.18.0.0/22", 60);
	commit(setting);
	check_place(setting, "kp 198.18.1.0/24 198.18.0.0/23 50\n");
	begin(setting);
	put_place(setting, "198.18.0.0/22", 50);
	put_place(setting, "198.18.1.0/24", 50);
	commit(setting);
	check_place(setting, "kp 198.18.1.0/24 198.18.0.0/22 50\n");
	begin(setting);
	put_place(setting, "198.18.1.0/24", 40);
	put_place(setting, "198.18.0.0/16", 45);
	commit(setting);
	check_place(setting, "kp 198.18.1.0/24 198.18.1.0/24 40\n");
}

static int print_heard(void *arg, const struct store_heard *row)
{
	fprintf(arg, "%s %" PRId64 " %" PRId64 "\n", row->vantage, row->from_ns, row->until_ns);
	return 0;
}

static int print_health(void *arg, const struct store_health *row)
{
	fprintf(arg, "%s %" PRId64 " %d\n", row->vantage, row->at_ns, row->healthy);
	return 0;
}

static void test_when_a_vantage_was_heard_of(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;
	const struct store_heard heard[] = {{"fra1", 10, 20},
					    {"fra1", 10, 30},
					    {"fra1", 10, 25},
					    {"ams1", 5, 7}};
	const struct store_health health[] = {{"fra1", 10, true},
					      {"fra1", 10, false},
					      {"fra1", 10, true},
					      {"fra1", 20, true}};

	for (int round = 0; round < 2; round++) {
		begin(setting);
		for (int n = 0; n < 4; n++) {
			assert_int_equal(ops->put_heard(setting->self, &heard[n], &setting->err),
					 0);
			assert_int_equal(ops->put_health(setting->self, &health[n], &setting->err),
					 0);
		}
		commit(setting);
	}
	ops->each_heard(setting->self, print_heard, setting->out, &setting->err);
	assert_string_equal(printed(setting), "ams1 5 7\nfra1 10 30\n");
	ops->each_health(setting->self, print_health, setting->out, &setting->err);
	assert_string_equal(printed(setting), "fra1 10 0\nfra1 20 1\n");
	assert_int_equal(ops->drop_health(setting->self, "fra1", 10, &setting->err), 0);
	ops->each_health(setting->self, print_health, setting->out, &setting->err);
	assert_string_equal(printed(setting), "fra1 20 1\n");
}

static int print_upstream(void *arg, const struct store_upstream *row)
{
	fprintf(arg, "%s %" PRId64 " %" PRIu32 "\n", row->vantage, row->from_ns, row->asn);
	return 0;
}

static int print_term(void *arg, const struct store_term *row)
{
	fprintf(arg, "%" PRId64 " %u\n", row->from_ns, row->quorum);
	return 0;
}

static void test_terms(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;
	const struct store_upstream upstreams[] = {{"fra1", 70, 4294967295U},
						   {"fra1", 0, 1},
						   {"fra1", 70, 2}};
	const struct store_term terms[] = {{70, 3}, {0, 2}, {70, 1}};

	for (int n = 0; n < 3; n++) {
		assert_int_equal(ops->put_upstream(setting->self, &upstreams[n], &setting->err), 0);
		assert_int_equal(ops->put_term(setting->self, &terms[n], &setting->err), 0);
	}
	ops->each_upstream(setting->self, print_upstream, setting->out, &setting->err);
	assert_string_equal(printed(setting), "fra1 0 1\nfra1 70 2\n");
	ops->each_term(setting->self, print_term, setting->out, &setting->err);
	assert_string_equal(printed(setting), "0 2\n70 1\n");
}

static int print_vantage(void *arg, const struct store_vantage *row)
{
	fprintf(arg, "%s %s %" PRIu64 " %" PRId64 " %" PRId64 " %g %d\n", row->name,
		row->boot ? row->boot : "-", row->seq, row->last.ns, row->clock_offset_ns,
		row->round_s, row->healthy);
	return 0;
}

static int print_title(void *arg, const char *target, const char *title)
{
	fprintf(arg, "%s=%s\n", target, title);
	return 0;
}

static void test_vantages_and_titles(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;
	struct store_vantage row = {"fra1", NULL, 0, {0}, INT64_MAX, 0, false};

	assert_int_equal(ops->put_vantage(setting->self, &row, &setting->err), 0);
	row.name = "ams1";
	assert_int_equal(ops->put_vantage(setting->self, &row, &setting->err), 0);
	row = (struct store_vantage){"ams1", "b1", INT64_MAX, {-5}, -7, 0.25, true};
	assert_int_equal(ops->put_vantage(setting->self, &row, &setting->err), 0);
	ops->each_vantage(setting->self, print_vantage, setting->out, &setting->err);
	assert_string_equal(printed(setting), "ams1 b1 9223372036854775807 -5 -7 0.25 1\n"
					      "fra1 - 0 0 9223372036854775807 0 0\n");
	assert_int_equal(ops->put_title(setting->self, "kp", "x", &setting->err), 0);
	assert_int_equal(ops->put_title(setting->self, "kp", ODD, &setting->err), 0);
	ops->each_title(setting->self, print_title, setting->out, &setting->err);
	assert_string_equal(printed(setting), "kp=" ODD "\n");
}

static int print_seen(void *arg, const char *vantage, const char *boot, struct seq_range range)
{
	fprintf(arg, "%s %s %" PRIu64 "-%" PRIu64 "\n", vantage, boot, range.first, range.last);
	return 0;
}

static int64_t now_ns(void)
{
	return (int64_t)time(NULL) * BW_S;
}

static void put_record(struct setting *setting, uint64_t seq, int64_t t_ns, const char *line)
{
	const struct record record = {.type = RECORD_VANTAGE, .head = {"fra1", "b1", seq, {t_ns}}};
	const struct store_record row = {&record, line, strlen(line), {t_ns}};

	if (setting->ops->put_record(setting->self, &row, &setting->err) < 0)
		fail_msg("%s", setting->err.message);
}

static void save_seen(struct setting *setting, const struct seq_set *set, uint64_t from)
{
	const struct store_seen seen = {"fra1", "b1", set, from};

	begin(setting);
	assert_int_equal(setting->ops->put_seen(setting->self, &seen, &setting->err), 0);
	commit(setting);
}

static void test_what_was_taken(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;
	struct seq_set set = {.count = 0};

	seq_set_add(&set, 1, 5);
	seq_set_add(&set, 8, 9);
	save_seen(setting, &set, 1);
	seq_set_add(&set, 6, 6);
	save_seen(setting, &set, 6);
	seq_set_add(&set, 20, 21);
	save_seen(setting, &set, 20);
	any_store_close(&setting->any);
	any_store_open(&setting->any);
	open_again(setting);
	ops = setting->ops;
	ops->each_seen(setting->self, print_seen, setting->out, &setting->err);
	assert_string_equal(printed(setting), "fra1 b1 1-6\nfra1 b1 8-9\nfra1 b1 20-21\n");
	seq_set_fini(&set);
}

/* Old records are deleted a little at a time; the same record twice is no error. */
static void test_records_are_forgotten(void **state)
{
	struct setting *setting = *state;
	const struct bw_wall before = {now_ns() - 7 * 86400 * BW_S};
	unsigned steps = 0;
	bool more = true;

	begin(setting);
	for (uint64_t n = 1; n <= STORE_FORGET_STEP + 10; n++)
		put_record(setting, n, before.ns - (int64_t)(400 * 86400 + n) * BW_S, ODD);
	for (uint64_t n = 20001; n <= 20010; n++)
		put_record(setting, n, before.ns - (int64_t)(n - 20000) * 2 * 86400 * BW_S, ODD);
	put_record(setting, 30001, now_ns(), ODD);
	put_record(setting, 30001, now_ns(), ODD);
	commit(setting);
	while (more && steps < 100) {
		assert_int_equal(setting->ops->forget_records(setting->self, before, &more,
							      &setting->err),
				 0);
		steps++;
	}
	assert_in_range(steps, 2, 20);
	begin(setting);
	put_record(setting, 30002, before.ns - 4 * 86400 * BW_S, "{}");
	put_record(setting, 30003, now_ns(), "{}");
	commit(setting);
}

static int print_outage(void *arg, const struct store_outage *row)
{
	fprintf(arg, "%" PRIu64 " %s %d %s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, row->id,
		row->target, row->scope, row->subject, row->outage.start_ns,
		row->outage.earliest_ns, row->outage.end_ns, row->outage.end_earliest_ns);
	for (unsigned n = 0; n < row->outage.return_count; n++)
		fprintf(arg, " %" PRId64 "+%" PRId64, row->outage.returns[n].start_ns,
			row->outage.returns[n].end_ns);
	if (row->outage.returns_within_ns)
		fprintf(arg, " /%" PRId64, row->outage.returns_within_ns);
	fprintf(arg, " %" PRIu64 " %d %d %s\n", row->revision, row->withdrawn, row->onset,
		row->path ? row->path : "-");
	return 0;
}

static int print_dark(void *arg, const struct store_dark_event *row)
{
	fprintf(arg, "%s %s %d %s %s %" PRIu64 " %" PRId64 " %" PRId64 " %d %s %u\n", row->vantage,
		row->target, row->scope, row->subject, row->boot, row->seq, row->earliest_ns,
		row->latest_ns, row->onset, row->path ? row->path : "-", row->path_rank);
	return 0;
}

static void test_outages(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;
	struct store_outage row = {
		.id = 7,
		.target = "kp",
		.subject = "kp",
		.scope = BW_SCOPE_TARGET,
		.outage = {100, 90, INT64_MAX, INT64_MAX, .return_count = 2},
		.revision = 1,
	};
	struct store_dark_event dark = {
		.vantage = "fra1", .target = "kp", .subject = "kp", .boot = "b1", .latest_ns = 9};

	row.outage.returns[0].start_ns = 101;
	row.outage.returns[0].end_ns = 102;
	row.outage.returns[1].start_ns = 103;
	row.outage.returns[1].end_ns = 104;
	row.outage.returns_within_ns = 5;
	assert_int_equal(ops->put_outage(setting->self, &row, &setting->err), 0);
	row.id = 3;
	row.outage.return_count = 0;
	row.outage.returns_within_ns = 0;
	row.withdrawn = true;
	row.path = "{\"k\":\"\\\\\"}";
	row.onset = BW_ONSET_ABRUPT;
	assert_int_equal(ops->put_outage(setting->self, &row, &setting->err), 0);
	row.revision = 2;
	assert_int_equal(ops->put_outage(setting->self, &row, &setting->err), 0);
	ops->each_outage(setting->self, print_outage, setting->out, &setting->err);
	assert_string_equal(printed(setting),
			    "3 kp 2 kp 100 90 9223372036854775807 9223372036854775807 2 1 1 "
			    "{\"k\":\"\\\\\"}\n"
			    "7 kp 2 kp 100 90 9223372036854775807 9223372036854775807 101+102 "
			    "103+104 /5 1 0 0 -\n");
	assert_int_equal(ops->put_dark_event(setting->self, &dark, &setting->err), 0);
	dark.latest_ns = 8;
	dark.boot = "b0";
	assert_int_equal(ops->put_dark_event(setting->self, &dark, &setting->err), 0);
	ops->each_dark_event(setting->self, print_dark, setting->out, &setting->err);
	assert_string_equal(printed(setting), "fra1 kp 0 kp b1 0 0 9 0 - 0\n");
	dark.vantage = "ams1";
	dark.latest_ns = 9;
	assert_int_equal(ops->put_dark_event(setting->self, &dark, &setting->err), 0);
	dark.vantage = "zrh1";
	dark.latest_ns = 8;
	assert_int_equal(ops->put_dark_event(setting->self, &dark, &setting->err), 0);
	ops->each_dark_event(setting->self, print_dark, setting->out, &setting->err);
	assert_string_equal(printed(setting),
			    "zrh1 kp 0 kp b0 0 0 8 0 - 0\nams1 kp 0 kp b0 0 0 9 0 - 0\n"
			    "fra1 kp 0 kp b1 0 0 9 0 - 0\n");
}

static int print_event(void *arg, uint64_t id, const char *text)
{
	fprintf(arg, "%" PRIu64 "%s ", id, text);
	return 0;
}

static void test_events(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;
	struct store_told told = {.target = "kp", .subject = ODD, .scope = BW_SCOPE_NETWORK};
	uint64_t id = 99;

	assert_int_equal(ops->last_event(setting->self, &id, &setting->err), 0);
	assert_int_equal(id, 0);
	for (uint64_t n = 1; n <= 5; n++)
		assert_int_equal(ops->put_event(setting->self, n, 1, "{}", &setting->err), 0);
	assert_int_equal(ops->put_event(setting->self, 5, 1, "[]", &setting->err), 0);
	ops->last_event(setting->self, &id, &setting->err);
	assert_int_equal(id, 5);
	ops->events_before(setting->self, UINT64_MAX, 2, print_event, setting->out, &setting->err);
	ops->events_before(setting->self, 3, 9, print_event, setting->out, &setting->err);
	ops->events_after(setting->self, 2, 2, print_event, setting->out, &setting->err);
	assert_string_equal(printed(setting), "5[] 4{} 2{} 1{} 3{} 4{} ");
	assert_int_equal(ops->get_told(setting->self, &told, &setting->err), 0);
	assert_int_equal(told.verdict, BW_UNKNOWN);
	told.verdict = BW_DARK;
	told.event = 5;
	told.outage = 7;
	assert_int_equal(ops->put_told(setting->self, &told, &setting->err), 0);
	told.verdict = BW_UP;
	assert_int_equal(ops->put_told(setting->self, &told, &setting->err), 0);
	told = (struct store_told){.target = "kp", .subject = ODD, .scope = BW_SCOPE_NETWORK};
	assert_int_equal(ops->get_told(setting->self, &told, &setting->err), 0);
	assert_int_equal(told.verdict, BW_UP);
	assert_int_equal(told.event, 5);
	assert_int_equal(told.outage, 7);
}

static int show_message(void *arg, const struct store_message *row)
{
	fprintf(arg, "%s %s %" PRId64 " %s\n", row->topic, row->key, row->time_ns, row->text);
	return 0;
}

static int note_number(void *arg, const struct store_message *row)
{
	*(uint64_t *)arg = row->number;
	return 0;
}

static int print_name(void *arg, const char *webhook)
{
	fprintf(arg, "%s\n", webhook);
	return 0;
}

static void test_messages(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;
	const char *const topics[] = {"a", "b", "a"};
	uint64_t number = 0;
	int value = 3;

	for (int n = 0; n < 3; n++) {
		const struct store_message row = {0, "w", topics[n], "k", n + 1, ODD};

		assert_int_equal(ops->put_message(setting->self, &row, &setting->err), 0);
	}
	assert_int_equal(ops->drop_superseded(setting->self, "w", 100, &setting->err), 0);
	ops->first_message(setting->self, "w", show_message, setting->out, &setting->err);
	ops->first_message(setting->self, "w", note_number, &number, &setting->err);
	assert_int_equal(ops->drop_message(setting->self, number, &setting->err), 0);
	ops->first_message(setting->self, "w", show_message, setting->out, &setting->err);
	ops->first_message(setting->self, "x", show_message, setting->out, &setting->err);
	assert_string_equal(printed(setting), "b k 2 " ODD "\na k 3 " ODD "\n");
	assert_int_equal(ops->get_webhook_told(setting->self, "w", "t", &value, &setting->err), 0);
	assert_int_equal(value, 3);
	assert_int_equal(ops->put_webhook_told(setting->self, "w", "t", 1, &setting->err), 0);
	assert_int_equal(ops->put_webhook_told(setting->self, "w", "t", -2, &setting->err), 0);
	assert_int_equal(ops->get_webhook_told(setting->self, "w", "t", &value, &setting->err), 0);
	assert_int_equal(value, -2);
	assert_int_equal(ops->put_webhook_told(setting->self, ODD, "t", 1, &setting->err), 0);
	ops->each_webhook(setting->self, print_name, setting->out, &setting->err);
	assert_int_equal(ops->drop_webhook(setting->self, "w", &setting->err), 0);
	ops->each_webhook(setting->self, print_name, setting->out, &setting->err);
	assert_string_equal(printed(setting), ODD "\nw\n" ODD "\n");
}

static int refuse(void *arg, const struct store_claim *row)
{
	(void)arg;
	(void)row;
	return BW_ERR_LIMIT;
}

/* An error of who takes a row ends the walk, and the store can be used on. */
static void test_a_walk_that_ends_early(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;

	begin(setting);
	for (int n = 0; n < 3; n++)
		put_claim(setting, "198.18.0.0/24", n * BW_S, n * BW_S, n * BW_S);
	commit(setting);
	assert_int_equal(ops->each_claim(setting->self, refuse, NULL, &setting->err), BW_ERR_LIMIT);
	begin(setting);
	put_claim(setting, "198.18.0.0/24", 9 * BW_S, 9 * BW_S, 9 * BW_S);
	commit(setting);
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, make, end)
	const struct CMUnitTest tests[] = {
		TEST(test_claims),
		TEST(test_the_network_that_was_named_first),
		TEST(test_when_a_vantage_was_heard_of),
		TEST(test_terms),
		TEST(test_vantages_and_titles),
		TEST(test_what_was_taken),
		TEST(test_records_are_forgotten),
		TEST(test_outages),
		TEST(test_events),
		TEST(test_messages),
		TEST(test_a_walk_that_ends_early),
	};

	return cmocka_run_group_tests_name("sys/store", tests, NULL, NULL);
}
