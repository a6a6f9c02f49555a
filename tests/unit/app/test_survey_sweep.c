/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/survey/survey_record.h"
#include "files.h"

/* A survey of 198.18.0.0/28 with nothing sent, in memory but for the file of --resume. */
struct fixture {
	struct survey_options options;
	struct survey_input input;
	struct egress_set egress;
	struct survey_sweep sweep;
};

static void ignore_answer(void *self, const struct sweep_answer *answer)
{
	(void)self;
	(void)answer;
}

static int begin_with(struct fixture *fixture, const char *resume, const char *blocklist,
		      uint64_t passes, struct bw_err *err)
{
	char operand[] = "198.18.0.0/28", *operands[] = {operand};
	struct survey_sweep_config config = {
		.options = &fixture->options,
		.input = &fixture->input,
		.egress = &fixture->egress,
		.on_answer = ignore_answer,
	};

	int code;

	*fixture = (struct fixture){
		.options = {.rate = "max",
			    .passes = passes,
			    .allow_reserved = true,
			    .resume = resume},
		.egress = {.list = {{.interface = "test0", .interface_index = 77}}, .count = 1},
	};
	if (blocklist)
		fixture->options.blocklists = (struct options_texts){{blocklist}, 1};
	assert_int_equal(bw_addr_parse("198.18.1.1", &fixture->egress.list[0].source), 0);
	assert_int_equal(survey_options_check(&fixture->options, NULL), 0);
	code = survey_input_open(&fixture->input, &fixture->options, operands, 1, err);
	if (code < 0)
		return code;
	return survey_sweep_init(&fixture->sweep, &config, (struct bw_mono){BW_S}, err);
}

static int begin(struct fixture *fixture, const char *resume, uint64_t passes, struct bw_err *err)
{
	return begin_with(fixture, resume, NULL, passes, err);
}

static void end(struct fixture *fixture)
{
	survey_sweep_fini(&fixture->sweep);
	survey_input_close(&fixture->input);
}

/* Sends COUNT probes, which nobody receives, SECONDS after the start. */
static void send_some(struct fixture *fixture, size_t count, int seconds)
{
	struct packet_claim claim;
	struct bw_tx batch[BW_BATCH_MAX];
	struct bw_mono now = {(1 + seconds) * BW_S};
	size_t built;

	assert_int_equal(sweep_claim(fixture->sweep.sweep, now, count, &claim), count);
	built = sweep_build(fixture->sweep.sweep, &claim, batch);
	assert_int_equal(built, count);
	for (size_t i = 0; i < built; i++) {
		batch[i].status = 0;
		batch[i].sent = now;
	}
	sweep_sent(fixture->sweep.sweep, &claim, batch, built);
}

static struct record_survey record_of(const struct fixture *fixture, bool complete)
{
	struct capture_stats ring = {.taken = 9, .dropped = 1};
	struct survey_course course = {
		.started = {BW_S},
		.sent_until = {3 * BW_S},
		.ended = {11 * BW_S},
		.complete = complete,
	};
	struct record_survey survey;

	survey_record_make(&fixture->options, &fixture->sweep, &ring, &course, &survey);
	return survey;
}

static void test_the_record_sums_up(void **state)
{
	struct record_survey survey;
	struct fixture fixture;

	(void)state;
	assert_int_equal(begin(&fixture, NULL, 1, NULL), 0);
	send_some(&fixture, 6, 1);
	survey = record_of(&fixture, true);
	assert_int_equal(survey.addresses, 16);
	assert_int_equal(survey.sent, 6);
	assert_int_equal(survey.answered, 0);
	assert_int_equal(survey.capture_dropped, 1);
	assert_true(survey.lost_share == 0.1);
	assert_true(survey.rate_pps == 3);
	assert_true(survey.duration_s == 10);
	assert_int_equal(survey.seed, fixture.sweep.seed);
	assert_true(survey.complete);
	end(&fixture);
}

/* The first run writes the file, the second goes on from it, and removes it when it is done. */
static void test_an_interrupted_survey_is_resumed(void **state)
{
	struct record_survey survey;
	struct fixture first, second;
	char path[FILES_PATH];
	uint64_t done;

	(void)state;
	files_make(path, "");
	unlink(path);
	assert_int_equal(begin(&first, path, 1, NULL), 0);
	send_some(&first, 4, 1);
	send_some(&first, 2, 40);
	survey = record_of(&first, false);
	assert_int_equal(survey_sweep_keep(&first.sweep, &first.options, &survey,
					   (struct bw_mono){60 * BW_S}, NULL),
			 0);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(begin(&second, path, 1, NULL), 0);
	assert_int_equal(second.sweep.seed, first.sweep.seed);
	done = sweep_progress(second.sweep.sweep); /* what is doubtful is sent again */
	assert_in_range(done, 1, 6);
	send_some(&second, 16 - done, 1);
	survey = record_of(&second, true);
	assert_int_equal(survey.sent, 6 + 16 - done);
	assert_true(survey.duration_s == 20);
	assert_int_equal(survey_sweep_keep(&second.sweep, &second.options, &survey,
					   (struct bw_mono){60 * BW_S}, NULL),
			 0);
	assert_int_not_equal(access(path, F_OK), 0);
	end(&first);
	end(&second);
}

/* An opt-out in the middle of a survey: the survey goes on, and does not ask it. */
static void test_a_block_list_may_change(void **state)
{
	static const char *const later[] = {
		"198.18.0.1\n198.18.0.9\n", /* grown */
		"198.18.0.9\n",              /* another one */
		"",                          /* shrunk */
	};
	char path[FILES_PATH], before[FILES_PATH], after[FILES_PATH];
	struct record_survey survey;
	struct fixture first, second;
	struct bw_addr addr;

	(void)state;
	assert_int_equal(bw_addr_parse("198.18.0.9", &addr), 0);
	for (size_t i = 0; i < 3; i++) {
		files_make(path, "");
		unlink(path);
		files_make(before, "198.18.0.1\n");
		files_make(after, later[i]);
		assert_int_equal(begin_with(&first, path, before, 1, NULL), 0);
		send_some(&first, 4, 1);
		survey = record_of(&first, false);
		assert_int_equal(survey.addresses, 15);
		assert_int_equal(survey_sweep_keep(&first.sweep, &first.options, &survey,
						   (struct bw_mono){60 * BW_S}, NULL),
				 0);
		assert_int_equal(begin_with(&second, path, after, 1, NULL), 0);
		assert_int_equal(sweep_share(second.sweep.sweep), 15);
		assert_int_equal(permit_check(&second.input.permit, &addr),
				 i < 2 ? BW_ERR_BLOCKLISTED : 0);
		end(&first);
		end(&second);
		unlink(path);
		unlink(before);
		unlink(after);
	}
}

static void test_another_survey_is_refused(void **state)
{
	struct record_survey survey;
	struct fixture first, second;
	char path[FILES_PATH];
	struct bw_err err;

	(void)state;
	files_make(path, "");
	unlink(path);
	assert_int_equal(begin(&first, path, 1, NULL), 0);
	send_some(&first, 4, 1);
	send_some(&first, 2, 40);
	survey = record_of(&first, false);
	assert_int_equal(survey_sweep_keep(&first.sweep, &first.options, &survey,
					   (struct bw_mono){60 * BW_S}, NULL),
			 0);
	assert_int_equal(begin(&second, path, 2, &err), BW_ERR_VALUE);
	assert_string_equal(err.file, path);
	end(&first);
	end(&second);
	unlink(path);
}

static void test_a_damaged_file_is_refused(void **state)
{
	char path[FILES_PATH];
	struct fixture fixture;
	struct bw_err err;

	(void)state;
	files_make(path, "blockwatch-survey-resume 2\nrun 1\nseed two\n");
	assert_int_equal(begin(&fixture, path, 1, &err), BW_ERR_SYNTAX);
	assert_int_equal(err.line, 3);
	end(&fixture);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_record_sums_up),
		cmocka_unit_test(test_an_interrupted_survey_is_resumed),
		cmocka_unit_test(test_a_block_list_may_change),
		cmocka_unit_test(test_another_survey_is_refused),
		cmocka_unit_test(test_a_damaged_file_is_refused),
	};

	return cmocka_run_group_tests_name("app/survey_sweep", tests, NULL, NULL);
}
