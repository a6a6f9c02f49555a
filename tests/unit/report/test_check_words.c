/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "infer/group.h"
#include "report/check/check_words.h"
#include "samples.h"

static const struct paint plain = {.utf8 = true};

static void put_collected(void *self, const struct record *record)
{
	check_collect_put(self, record);
}

static enum bw_verdict verdict_of(char letter)
{
	switch (letter) {
	case 'u':
		return BW_UP;
	case 'f':
		return BW_FLAPPING;
	case 'd':
		return BW_DARK;
	default:
		return BW_UNKNOWN;
	}
}

/* One network: a letter a block (u, f, d, ? never seen, ! no route). Adds it to NETWORKS. */
static void put_network(struct check_collect *collect, struct record *target,
			struct group *networks, int index, const char *letters, size_t count)
{
	const struct record_sink sink = {put_collected, collect};
	struct group group = {0};
	char network[BW_PREFIX_TEXT], block[BW_PREFIX_TEXT];

	snprintf(network, sizeof(network), "198.18.%d.0/%d", 4 * index, count == 1 ? 24 : 22);
	for (size_t n = 0; n < count; n++) {
		struct record record;

		snprintf(block, sizeof(block), "198.18.%zu.0/24", (size_t)(4 * index) + n);
		record = sample_block("kp", network, block, verdict_of(letters[n]));
		if (letters[n] == '!')
			record.block.reasons = BW_WHY_NO_ROUTE;
		sample_put(&sink, target, &record);
		group_add(&group, record.block.verdict, record.block.reasons);
	}
	if (count > 1) {
		target->target.networks.total++;
		target->target.networks.of[group_verdict(&group)]++;
	}
	group_add_group(networks, &group);
}

/* Networks are divided by spaces: "u u ud" are three, the last one of two blocks. */
static void collect_target(struct check_collect *collect, const char *networks, const char *title)
{
	struct record target = sample_target("kp", title);
	struct group sum = {0};
	int index = 0;

	check_collect_init(collect);
	for (const char *at = networks; *at; index++) {
		size_t count = strcspn(at, " ");

		put_network(collect, &target, &sum, index, at, count);
		at += count + (at[count] == ' ');
	}
	target.target.verdict = group_verdict(&sum);
	target.target.reasons = group_reasons(&sum);
	check_collect_put(collect, &target);
	check_collect_sort(collect);
}

static char *headline_of(const struct check_collect *collect, const struct paint *paint)
{
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	check_words_headline(&collect->targets[0], paint, out);
	fclose(out);
	return text;
}

static void assert_headline(const char *networks, const char *expected)
{
	struct check_collect collect;
	char *text;

	collect_target(&collect, networks, "Korea");
	text = headline_of(&collect, &plain);
	assert_int_equal(strncmp(text, "Korea is ", 9), 0);
	assert_string_equal(text + 9, expected);
	free(text);
	check_collect_fini(&collect);
}

static void test_networks(void **state)
{
	(void)state;
	assert_headline("u u u u", "up: 4 of 4 networks answer\n");
	assert_headline("d d d d", "dark: none of 4 networks answers\n");
	assert_headline("u u d u", "partly dark: 1 of 4 networks is dark (198.18.8.0/24)\n");
	assert_headline("d u d u",
			"partly dark: 2 of 4 networks are dark (198.18.0.0/24, 198.18.8.0/24)\n");
	assert_headline("d d d d u", "partly dark: 4 of 5 networks are dark\n");
	assert_headline("u f u u", "flapping: 1 of 4 networks is flapping (198.18.4.0/24)\n");
	assert_headline("f f", "flapping: 2 of 2 networks are flapping"
			       " (198.18.0.0/24, 198.18.4.0/24)\n");
}

static void test_mixtures(void **state)
{
	(void)state;
	assert_headline("u u u ?", "up: 3 of 4 networks answer, 1 unknown (never seen)\n");
	assert_headline("u ? ! u",
			"partly unknown: 2 of 4 networks answer, 2 unknown (no route)\n");
	assert_headline("u d f ?", "partly dark: 1 of 4 networks is dark (198.18.4.0/24),"
				   " 1 flapping (198.18.8.0/24), 1 unknown (never seen)\n");
	assert_headline("d d ?", "dark: 2 of 3 networks are dark (198.18.0.0/24, 198.18.4.0/24),"
				 " 1 unknown (never seen)\n");
	assert_headline("d d !", "partly dark: 2 of 3 networks are dark"
				 " (198.18.0.0/24, 198.18.4.0/24), 1 unknown (no route)\n");
	assert_headline("u ?", "up: 1 of 2 networks answers, 1 unknown (never seen)\n");
}

static void test_unknown(void **state)
{
	(void)state;
	assert_headline("? ?", "unknown: nothing answers, and no host of it is known; "
			"to find hosts: blockwatch survey kp --write FILE\n");
	assert_headline("! !", "unknown: the vantage has no route to it\n");
	assert_headline("? !", "unknown: the vantage has no route to it\n");
	assert_headline("", "unknown: there is nothing to probe\n");
}

/* Of a list of which nothing has ever answered, in all blocks or in some. */
static void test_a_silent_list(void **state)
{
	struct check_collect collect;
	char *text;

	(void)state;
	collect_target(&collect, "? ? ?", "Korea");
	collect.targets[0].blocks[0].record.listed = 20;
	collect.targets[0].blocks[2].record.listed = 4;
	text = headline_of(&collect, &plain);
	assert_string_equal(text, "Korea is unknown: none of 24 listed hosts answers;"
				  " if the list is right, it is dark\n");
	free(text);
	collect.targets[0].blocks[0].record.listed = 0;
	collect.targets[0].blocks[2].record.listed = 1;
	text = headline_of(&collect, &plain);
	assert_string_equal(text, "Korea is unknown: the listed host does not answer;"
				  " if the list is right, it is dark\n");
	free(text);
	check_collect_fini(&collect);
}

static void test_one_network(void **state)
{
	(void)state;
	assert_headline("u", "up: it answers\n");
	assert_headline("d", "dark: it does not answer\n");
	assert_headline("f", "flapping: it comes and goes\n");
	assert_headline("?", "unknown: nothing answers, and no host of it is known; "
			"to find hosts: blockwatch survey kp --write FILE\n");
	assert_headline("uuuu", "up: 4 of 4 blocks answer\n");
	assert_headline("dddd", "dark: none of 4 blocks answers\n");
	assert_headline("uuud", "partly dark: 1 of 4 blocks is dark (198.18.3.0/24)\n");
	assert_headline("dd?", "dark: 2 of 3 blocks are dark (198.18.0.0/24, 198.18.1.0/24),"
			       " 1 unknown (never seen)\n");
	assert_headline("uff", "up: 1 of 3 blocks answers,"
			       " 2 flapping (198.18.1.0/24, 198.18.2.0/24)\n");
}

static void test_blocks_behind_networks(void **state)
{
	(void)state;
	assert_headline("uu ud", "partly dark: 1 of 2 networks is partly dark (198.18.4.0/22),"
				 " 1 of 4 blocks is dark (198.18.5.0/24)\n");
	assert_headline("uuu? ud?", "partly dark: 1 of 2 networks is partly dark (198.18.4.0/22),"
				    " 1 of 7 blocks is dark (198.18.5.0/24), 2 unknown"
				    " (never seen)\n");
	assert_headline("uu uf", "up: 2 of 2 networks answer,"
				 " 1 of 4 blocks is flapping (198.18.5.0/24)\n");
	assert_headline("uu dd", "partly dark: 1 of 2 networks is dark (198.18.4.0/22)\n");
}

static void test_vantage_offline(void **state)
{
	struct check_target target = {.name = (char *)"kp", .decided = true};
	struct check_collect collect = {.targets = &target};
	char *text;

	(void)state;
	target.record.reasons = BW_WHY_VANTAGE_OFFLINE;
	target.record.networks = (struct record_counts){4, {[BW_UNKNOWN] = 4}};
	target.record.blocks = target.record.networks;
	text = headline_of(&collect, &plain);
	assert_string_equal(text,
			    "kp is unknown: the vantage's gateway and references are silent\n");
	assert_true(check_words_told_reason(&target.record));
	free(text);
	target.record.reasons = 0;
	text = headline_of(&collect, &plain);
	assert_string_equal(text, "kp is unknown: the vantage cannot tell\n");
	assert_false(check_words_told_reason(&target.record));
	free(text);
}

/* Where the blocks contradict the target's count nothing is named. */
static void test_names_only_what_is_certain(void **state)
{
	struct check_collect collect;
	char *text;

	(void)state;
	collect_target(&collect, "u d d u", "Korea");
	collect.targets[0].record.networks.of[BW_DARK] = 1;
	collect.targets[0].record.networks.of[BW_UP] = 3;
	text = headline_of(&collect, &plain);
	assert_string_equal(text, "Korea is partly dark: 1 of 4 networks is dark\n");
	free(text);
	check_collect_fini(&collect);
}

static void test_colour(void **state)
{
	static const struct paint colour = {.colour = true, .utf8 = true};
	struct check_collect collect;
	char *text;

	(void)state;
	collect_target(&collect, "u d", "Korea\033[5m");
	text = headline_of(&collect, &colour);
	assert_string_equal(text, "\033[1mKorea?[5m\033[0m is \033[31mpartly dark\033[0m: "
				  "1 of 2 networks is dark (198.18.4.0/24)\n");
	free(text);
	check_collect_fini(&collect);
}

static void assert_sure(enum bw_verdict verdict, double belief, const char *expected)
{
	char text[CHECK_WORDS];

	assert_string_equal(check_words_sure(verdict, belief, text), expected);
}

static void test_sure(void **state)
{
	(void)state;
	assert_sure(BW_UP, 0.999, "99.9 %");
	assert_sure(BW_UP, 0.99901, ">99.9 %");
	assert_sure(BW_UP, 1, ">99.9 %");
	assert_sure(BW_UP, 0.9989, "99.8 %");
	assert_sure(BW_UP, 0.5, "50.0 %");
	assert_sure(BW_DARK, 0.001, "99.9 %");
	assert_sure(BW_DARK, 0.0001, ">99.9 %");
	assert_sure(BW_DARK, 0.0526, "94.7 %");
	assert_sure(BW_FLAPPING, 0.6, "-");
	assert_sure(BW_UNKNOWN, 0.5, "-");
}

static void assert_rtt(int64_t ns, const char *expected)
{
	char text[CHECK_WORDS];

	assert_string_equal(check_words_rtt(ns, text), expected);
}

static void test_rtt(void **state)
{
	(void)state;
	assert_rtt(-1, "-");
	assert_rtt(0, "0.00 ms");
	assert_rtt(47 * BW_US, "0.05 ms");
	assert_rtt(996 * BW_US, "1.0 ms");
	assert_rtt(4230 * BW_US, "4.2 ms");
	assert_rtt(9960 * BW_US, "10 ms");
	assert_rtt(312 * BW_MS, "312 ms");
	assert_rtt(61 * BW_S, "61000 ms");
}

static void assert_ago(int64_t seconds, const char *expected)
{
	const struct bw_wall now = sample_time();
	char text[CHECK_WORDS];

	assert_string_equal(check_words_ago(now, (struct bw_wall){now.ns - seconds * BW_S}, text),
			    expected);
}

static void test_ago(void **state)
{
	char text[CHECK_WORDS];

	(void)state;
	assert_ago(-5, "just now");
	assert_ago(0, "just now");
	assert_ago(1, "1 s ago");
	assert_ago(59, "59 s ago");
	assert_ago(60, "1 min ago");
	assert_ago(3599, "59 min ago");
	assert_ago(3600, "1 h ago");
	assert_ago(86399, "23 h ago");
	assert_ago(700000, "8 d ago");
	assert_string_equal(check_words_ago(sample_time(), (struct bw_wall){0}, text), "never");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_mixtures),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_a_silent_list),
		cmocka_unit_test(test_one_network),
		cmocka_unit_test(test_blocks_behind_networks),
		cmocka_unit_test(test_vantage_offline),
		cmocka_unit_test(test_names_only_what_is_certain),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_sure),
		cmocka_unit_test(test_rtt),
		cmocka_unit_test(test_ago),
	};

	return cmocka_run_group_tests_name("report/check_words", tests, NULL, NULL);
}
