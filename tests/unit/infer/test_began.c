/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/evidence/began.h"

static struct bw_mono ms(int64_t milliseconds)
{
	return (struct bw_mono){milliseconds * BW_MS};
}

/* Five silences, a second apart from 10 s on, after an answer at 0: the last moment it began. */
static int64_t began_on(const float line[LINE_STATES], float availability, float delivered)
{
	struct evidence_log x;

	evidence_begin(&x, 9.2F, 5 * BW_S);
	x.delivered = delivered;
	for (unsigned i = 0; i < LINE_STATES; i++)
		x.line[i] = line[i];
	for (unsigned i = 0; i < 5; i++) {
		const struct evidence probe = {.host = (uint16_t)i, .availability = availability};
		struct bw_mono at = ms(10000 + 1000 * (int64_t)i);

		assert_int_equal(evidence_ask(&x, &probe, at), i);
		evidence_sent(&x, i, at);
		evidence_settle(&x, i, EVIDENCE_SILENT);
	}
	return began_by(&x, ms(0), ms(16000)).ns / BW_MS;
}

static int64_t began(float availability, float delivered)
{
	float sound[LINE_STATES];

	line_sound(sound);
	return began_on(sound, availability, delivered);
}

/* One packet in a hundred is lost on any line: ten seconds of answers do not outweigh that. */
static void test_first_silences_may_be_loss(void **state)
{
	struct evidence_log none;

	(void)state;
	assert_int_equal(began(0.99F, 1), 11000);
	assert_in_range(began(0.8F, 1), 11000, 13000);
	assert_int_equal(began(0.2F, 1), 14000);
	assert_int_equal(began(0.99F, 0.2F), 14000);
	evidence_begin(&none, 9.2F, 5 * BW_S);
	assert_true(began_by(&none, ms(0), ms(16000)).ns == BW_NEVER.ns);
}

/* If the line loses three of four packets, in one case of ten, the first four may be lost. */
static void test_silences_may_be_loss_on_a_line_in_doubt(void **state)
{
	float line[LINE_STATES];

	(void)state;
	line_sound(line);
	line[0] = logf(0.9F);
	line[LINE_STATES - 1] = logf(0.1F);
	assert_int_equal(began_on(line, 0.99F, 1), 14000);
	line[LINE_STATES - 1] = logf(1e-4F);
	assert_int_equal(began_on(line, 0.99F, 1), 11000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_silences_may_be_loss),
		cmocka_unit_test(test_silences_may_be_loss_on_a_line_in_doubt),
	};

	return cmocka_run_group_tests_name("infer/began", tests, NULL, NULL);
}
