/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole view against golden texts in tests/golden/report. To look at them
 * and to accept a change: run with BW_GOLDEN_WRITE=1, then read the difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/check/check_text.h"
#include "samples.h"

static const struct paint plain = {.utf8 = true};
static const struct paint ascii = {.utf8 = false};
static const struct paint colour = {.colour = true, .utf8 = true};

static const char *const names[] = {
	"Star JV",
	"Star Joint Venture Co. Ltd.",
	"N\u00fcrnberger Stra\u00dfennetz",
	"\ud3c9\uc591 \uace0\ub824\ub9c1\ud06c",
};

struct stage {
	struct check_text *text;
	struct record_sink sink;
	struct record target;
};

static int set_locale(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

static struct stage stage_of(struct paint paint, const char *name, const char *title)
{
	struct check_text *text = check_text_new(paint, 0);

	assert_non_null(text);
	return (struct stage){
		.text = text,
		.sink = check_text_sink(text),
		.target = sample_target(name, title),
	};
}

static struct stage korea(struct paint paint)
{
	return stage_of(paint, "kp", "North Korea (DPR Korea)");
}

/* The end of a check: the target record, then the vantage's. */
static void put_end(struct stage *stage, enum bw_verdict verdict)
{
	const struct record vantage = sample_vantage();

	stage->target.target.verdict = verdict;
	stage->sink.put(stage->sink.self, &stage->target);
	stage->sink.put(stage->sink.self, &vantage);
}

static struct record block_of(const struct stage *stage, const char *network, const char *block,
			      enum bw_verdict verdict)
{
	return sample_block(stage->target.target.target, network, block, verdict);
}

static void put(struct stage *stage, const struct record *record)
{
	sample_put(&stage->sink, &stage->target, record);
}

/* Four networks like North Korea's, with these verdicts. */
static void put_four(struct stage *stage, const enum bw_verdict *verdicts)
{
	for (int n = 0; n < 4; n++) {
		char prefix[BW_PREFIX_TEXT];
		struct record record;

		snprintf(prefix, sizeof(prefix), "198.18.%d.0/24", n);
		record = block_of(stage, prefix, prefix, verdicts[n]);
		record.block.network_name = n == 0 ? names[0] : NULL;
		record.block.rtt_median_ns += verdicts[n] == BW_UP ? 7 * BW_MS * n : 0;
		put(stage, &record);
	}
}

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = calloc(1, 1 << 16);

	assert_non_null(text);
	if (in) {
		assert_true(fread(text, 1, (1 << 16) - 1, in) > 0);
		fclose(in);
	}
	return text;
}

static void write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

/* Prints, frees the view, and compares with tests/golden/report/NAME.txt. */
static void assert_golden(struct stage *stage, const char *name)
{
	const char *root = getenv("BW_SOURCE_ROOT");
	char path[512], *text, *golden;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(root);
	assert_non_null(out);
	assert_int_equal(check_text_print(stage->text, out), 0);
	fclose(out);
	check_text_free(stage->text);
	snprintf(path, sizeof(path), "%s/tests/golden/report/%s.txt", root, name);
	if (getenv("BW_GOLDEN_WRITE"))
		write_file(path, text);
	golden = read_file(path);
	assert_string_equal(text, golden);
	free(golden);
	free(text);
}

static void test_all_up(void **state)
{
	static const enum bw_verdict verdicts[] = {BW_UP, BW_UP, BW_UP, BW_UP};
	struct stage stage = korea(plain);

	(void)state;
	put_four(&stage, verdicts);
	put_end(&stage, BW_UP);
	assert_golden(&stage, "check-all-up");
}

static void test_partly_dark(void **state)
{
	static const enum bw_verdict verdicts[] = {BW_UP, BW_UP, BW_DARK, BW_UP};
	struct stage stage = korea(plain);

	(void)state;
	put_four(&stage, verdicts);
	put_end(&stage, BW_UP);
	assert_golden(&stage, "check-partly-dark");
}

static void test_all_dark(void **state)
{
	static const enum bw_verdict verdicts[] = {BW_DARK, BW_DARK, BW_DARK, BW_DARK};
	struct stage stage = korea(plain);

	(void)state;
	put_four(&stage, verdicts);
	put_end(&stage, BW_DARK);
	assert_golden(&stage, "check-all-dark");
}

static void test_vantage_offline(void **state)
{
	struct stage stage = korea(plain);

	(void)state;
	for (int n = 0; n < 4; n++) {
		char prefix[BW_PREFIX_TEXT];
		struct record record;

		snprintf(prefix, sizeof(prefix), "198.18.%d.0/24", n);
		record = block_of(&stage, prefix, prefix, BW_UNKNOWN);
		record.block.reasons = BW_WHY_VANTAGE_OFFLINE;
		put(&stage, &record);
	}
	put_end(&stage, BW_UNKNOWN);
	assert_golden(&stage, "check-vantage-offline");
}

/* Every verdict, conditions, several reasons: what the notes are for. */
static void put_mixed(struct stage *stage)
{
	static const enum bw_verdict verdicts[] = {BW_UP, BW_FLAPPING, BW_DARK, BW_UNKNOWN};
	struct record record;

	put_four(stage, verdicts);
	record = block_of(stage, "198.18.4.0/24", "198.18.4.0/24", BW_UP);
	record.block.conditions = BW_LONE | BW_SUSPECT;
	record.block.belief = 0.9731;
	record.block.sent = 12;
	record.block.replies = 9;
	record.block.rtt_median_ns = 4230 * BW_US;
	record.block.last_answer.ns -= 12 * BW_S;
	put(stage, &record);
	record = block_of(stage, "198.18.5.0/24", "198.18.5.0/24", BW_UNKNOWN);
	record.block.reasons = BW_WHY_NEVER_SEEN | BW_WHY_INTERRUPTED;
	put(stage, &record);
	put_end(stage, BW_UP);
}

static void test_mixed(void **state)
{
	struct stage stage = korea(plain);

	(void)state;
	put_mixed(&stage);
	assert_golden(&stage, "check-mixed");
}

static void test_colour(void **state)
{
	struct stage stage = korea(colour);

	(void)state;
	put_mixed(&stage);
	assert_golden(&stage, "check-colour");
}

static void put_names(struct stage *stage)
{
	for (int n = 0; n < 4; n++) {
		char prefix[BW_PREFIX_TEXT];
		struct record record;

		snprintf(prefix, sizeof(prefix), "198.18.%d.0/24", n);
		record = block_of(stage, prefix, prefix, n == 2 ? BW_DARK : BW_UP);
		record.block.network_name = names[n];
		put(stage, &record);
	}
	put_end(stage, BW_UP);
}

static void test_names(void **state)
{
	struct stage stage = stage_of(plain, "kp", "\u671d\u9bae \u00c5land");

	(void)state;
	put_names(&stage);
	assert_golden(&stage, "check-names");
}

static void test_names_in_ascii(void **state)
{
	struct stage stage = stage_of(ascii, "kp", "\u671d\u9bae \u00c5land");

	(void)state;
	put_names(&stage);
	assert_golden(&stage, "check-names-ascii");
}

static void test_wide_screen(void **state)
{
	struct stage stage = korea(plain);

	(void)state;
	check_text_free(stage.text);
	stage.text = check_text_new(plain, 132);
	stage.sink = check_text_sink(stage.text);
	put_names(&stage);
	assert_golden(&stage, "check-names-132-columns");
}

/* Networks of several blocks, and one that is a single block. */
static void test_networks_of_blocks(void **state)
{
	struct stage stage = stage_of(plain, "nu", "Niue");
	struct record record;

	(void)state;
	for (int n = 0; n < 8; n++) {
		char block[BW_PREFIX_TEXT];

		snprintf(block, sizeof(block), "198.18.%d.0/24", n);
		record = block_of(&stage, n < 4 ? "198.18.0.0/22" : "198.18.4.0/22", block,
				  n == 2 ? BW_UNKNOWN : n == 6 ? BW_DARK : BW_UP);
		record.block.network_name = n < 4 ? names[1] : NULL;
		put(&stage, &record);
	}
	record = block_of(&stage, "198.18.9.0/24", "198.18.9.0/24", BW_UP);
	record.block.network_name = names[0];
	put(&stage, &record);
	stage.target.target.networks.total += 2;
	stage.target.target.networks.of[BW_UP] += 2;
	put_end(&stage, BW_UP);
	assert_golden(&stage, "check-networks-of-blocks");
}

static void test_ipv6(void **state)
{
	struct stage stage = stage_of(plain, "v6", NULL);
	struct record record;

	(void)state;
	for (unsigned n = 0; n < 4; n++) {
		char block[BW_PREFIX_TEXT];

		snprintf(block, sizeof(block), "2001:db8:%x::/48", n * 0x1111);
		record = block_of(&stage, "2001:db8::/32", block, n == 3 ? BW_DARK : BW_UP);
		record.block.network_name = names[3];
		put(&stage, &record);
	}
	stage.target.target.networks.total++;
	stage.target.target.networks.of[BW_UP]++;
	record = block_of(&stage, "2001:db9:aaaa:bbbb:cccc:dddd:eeee:0/112",
			  "2001:db9:aaaa:bbbb:cccc:dddd:eeee:0/112", BW_UP);
	record.block.network_name = names[1];
	put(&stage, &record);
	put_end(&stage, BW_UP);
	assert_golden(&stage, "check-ipv6");
}

static void put_thousand(struct stage *stage, enum bw_verdict (*verdict)(int n), bool in_networks)
{
	for (int n = 0; n < 1000; n++) {
		char network[BW_PREFIX_TEXT], block[BW_PREFIX_TEXT];
		struct record record;

		snprintf(block, sizeof(block), "10.%d.%d.0/24", n / 256, n % 256);
		snprintf(network, sizeof(network), "10.%d.0.0/16", n / 256);
		record = block_of(stage, in_networks ? network : block, block, verdict(n));
		record.block.network_name = in_networks ? names[n / 256] : NULL;
		if (record.block.rtt_median_ns >= 0)
			record.block.rtt_median_ns += n * BW_MS;
		if (n == 500)
			record.block.belief = 0.993;
		put(stage, &record);
	}
}

static enum bw_verdict few_dark(int n)
{
	return n % 64 == 7 ? BW_DARK : n % 128 == 90 ? BW_UNKNOWN : BW_UP;
}

static enum bw_verdict all_up(int n)
{
	(void)n;
	return BW_UP;
}

static enum bw_verdict mostly_unknown(int n)
{
	return n % 200 == 199 ? BW_DARK : n % 3 == 0 ? BW_UP : BW_UNKNOWN;
}

static void test_thousand_blocks(void **state)
{
	struct stage stage = stage_of(plain, "cu", "Cuba");

	(void)state;
	put_thousand(&stage, few_dark, false);
	put_end(&stage, BW_UP);
	assert_golden(&stage, "check-1000-blocks");
}

static void test_thousand_blocks_in_networks(void **state)
{
	struct stage stage = stage_of(plain, "cu", "Cuba");

	(void)state;
	put_thousand(&stage, few_dark, true);
	stage.target.target.networks.total = stage.target.target.networks.of[BW_UP] = 4;
	put_end(&stage, BW_UP);
	assert_golden(&stage, "check-1000-blocks-in-networks");
}

static void test_thousand_blocks_up(void **state)
{
	struct stage stage = stage_of(plain, "cu", "Cuba");

	(void)state;
	put_thousand(&stage, all_up, false);
	put_end(&stage, BW_UP);
	assert_golden(&stage, "check-1000-blocks-up");
}

/* Dark blocks have their rows even where the unknown ones alone would fill the table. */
static void test_thousand_blocks_mostly_unknown(void **state)
{
	struct stage stage = stage_of(plain, "cu", "Cuba");

	(void)state;
	put_thousand(&stage, mostly_unknown, false);
	put_end(&stage, BW_UP);
	assert_golden(&stage, "check-1000-blocks-mostly-unknown");
}

/* Two targets, the second without a target record; a vantage that lost packets. */
static void test_several_targets(void **state)
{
	static const enum bw_verdict verdicts[] = {BW_UP, BW_UP, BW_UP, BW_UP};
	struct stage stage = korea(plain);
	struct record record = sample_block("198.18.7.9", "198.18.7.9/32", "198.18.7.9/32", BW_UP);
	struct record vantage = sample_vantage();

	(void)state;
	put_four(&stage, verdicts);
	put_end(&stage, BW_UP);
	stage.sink.put(stage.sink.self, &record);
	vantage.vantage.capture_dropped = 3;
	vantage.vantage.send_errors = 1;
	stage.sink.put(stage.sink.self, &vantage);
	assert_golden(&stage, "check-several-targets");
}

static void test_full_output(void **state)
{
	struct stage stage = korea(plain);
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	setvbuf(out, NULL, _IONBF, 0);
	put_mixed(&stage);
	assert_int_equal(check_text_print(stage.text, out), -EIO);
	fclose(out);
	check_text_free(stage.text);
}

static void test_hint_where_nothing_vouches(void **state)
{
	struct check_text *text = check_text_new((struct paint){.utf8 = true}, 80);
	struct record_sink sink = check_text_sink(text);
	struct record target = sample_target("kp", "Korea");
	struct record block = sample_block("kp", "198.18.0.0/24", "198.18.0.0/24", BW_UNKNOWN);
	char *printed = NULL;
	size_t length;
	FILE *out = open_memstream(&printed, &length);

	(void)state;
	assert_non_null(out);
	block.block.reasons = BW_WHY_NO_SIGN_OF_LIFE;
	sample_put(&sink, &target, &block);
	sink.put(sink.self, &target);
	assert_int_equal(check_text_print(text, out), 0);
	fclose(out);
	assert_non_null(strstr(printed, "\nNothing shows that this machine is online."
					" Name hosts that do: --reference references\n"));
	free(printed);
	check_text_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_up),
		cmocka_unit_test(test_partly_dark),
		cmocka_unit_test(test_all_dark),
		cmocka_unit_test(test_vantage_offline),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_in_ascii),
		cmocka_unit_test(test_wide_screen),
		cmocka_unit_test(test_networks_of_blocks),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_thousand_blocks),
		cmocka_unit_test(test_thousand_blocks_in_networks),
		cmocka_unit_test(test_thousand_blocks_up),
		cmocka_unit_test(test_thousand_blocks_mostly_unknown),
		cmocka_unit_test(test_several_targets),
		cmocka_unit_test(test_full_output),
		cmocka_unit_test(test_hint_where_nothing_vouches),
	};

	return cmocka_run_group_tests_name("report/check_text", tests, set_locale, NULL);
}
