/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "collect/tell/webhook_delivery.h"

#define MESSAGES 8
#define DAY (86400 * BW_S)

/* A store with messages of one webhook. */
struct outbox {
	struct store_message list[MESSAGES];
	size_t count;
	bool fails;
};

static int first_message(void *self, const char *webhook,
			 int (*take)(void *arg, const struct store_message *message), void *arg,
			 struct bw_err *err)
{
	const struct outbox *outbox = self;

	(void)webhook;
	(void)err;
	if (outbox->fails)
		return BW_ERR_UNAVAILABLE;
	return outbox->count > 0 ? take(arg, &outbox->list[0]) : 0;
}

static void drop_at(struct outbox *outbox, size_t n)
{
	memmove(&outbox->list[n], &outbox->list[n + 1],
		(--outbox->count - n) * sizeof(outbox->list[0]));
}

static int drop_message(void *self, uint64_t number, struct bw_err *err)
{
	struct outbox *outbox = self;

	(void)err;
	if (outbox->fails)
		return BW_ERR_UNAVAILABLE;
	assert_int_equal(outbox->list[0].number, number);
	drop_at(outbox, 0);
	return 0;
}

static int drop_superseded(void *self, const char *webhook, int64_t before_ns, struct bw_err *err)
{
	struct outbox *outbox = self;

	(void)webhook;
	(void)err;
	for (size_t n = 0; n + 1 < outbox->count;) {
		bool later = false;

		for (size_t i = n + 1; i < outbox->count; i++)
			later = later || strcmp(outbox->list[i].topic, outbox->list[n].topic) == 0;
		if (later && outbox->list[n].time_ns < before_ns)
			drop_at(outbox, n);
		else
			n++;
	}
	return 0;
}

static const struct store_ops ops = {
	.first_message = first_message,
	.drop_message = drop_message,
	.drop_superseded = drop_superseded,
};

static void put(struct outbox *outbox, uint64_t number, const char *topic, int64_t time_ns)
{
	outbox->list[outbox->count++] = (struct store_message){
		.number = number,
		.webhook = "http://127.0.0.1/",
		.topic = topic,
		.key = "key",
		.time_ns = time_ns,
		.text = "{}",
	};
}

static struct bw_now at(int64_t ns)
{
	return (struct bw_now){.mono = {ns}, .wall = {ns}};
}

struct rig {
	struct outbox outbox;
	struct store store;
	struct webhook webhook;
	struct rng rng;
	int64_t now_ns;
};

/* With so many messages: 1 of topic "a", 2 of topic "b". */
static void make_rig(struct rig *rig, unsigned messages)
{
	*rig = (struct rig){
		.store = {&ops, &rig->outbox},
		.webhook = {.name = "http://127.0.0.1/", .waits = true},
		.rng = rng_of(1),
		.now_ns = 10 * DAY,
	};
	for (unsigned n = 0; n < messages; n++)
		put(&rig->outbox, n + 1, n == 0 ? "a" : "b", rig->now_ns);
}

static bool begin(struct rig *rig)
{
	struct webhook_message message;
	const bool begun =
		webhook_begin(&rig->webhook, &rig->store, at(rig->now_ns), &message, &rig->rng);

	if (begun)
		free(message.text);
	return begun;
}

static bool end(struct rig *rig, enum webhook_outcome outcome)
{
	return webhook_end(&rig->webhook, &rig->store, outcome, 0, at(rig->now_ns), &rig->rng);
}

static void test_one_after_the_other(void **state)
{
	struct rig rig;

	(void)state;
	make_rig(&rig, 2);
	assert_true(begin(&rig));
	assert_int_equal(rig.webhook.under_way, 1);
	assert_false(begin(&rig)); /* one at a time */
	assert_int_equal(webhook_deadline(&rig.webhook).ns, BW_NEVER.ns);
	assert_true(end(&rig, WEBHOOK_DELIVERED));
	assert_true(begin(&rig));
	assert_int_equal(rig.webhook.under_way, 2);
	assert_true(end(&rig, WEBHOOK_DELIVERED));
	assert_false(begin(&rig));
	assert_false(rig.webhook.waits);
	assert_int_equal(webhook_deadline(&rig.webhook).ns, BW_NEVER.ns);
	assert_int_equal(rig.webhook.delivered, 2);
}

/* It is tried again in growing times, at least once in five minutes, for as long as it takes. */
static void test_a_dead_receiver(void **state)
{
	struct rig rig;
	unsigned tries = 0;

	(void)state;
	make_rig(&rig, 2);
	for (const int64_t until = rig.now_ns + 3 * DAY; rig.now_ns < until; tries++) {
		assert_true(begin(&rig));
		assert_int_equal(rig.webhook.under_way, 1);
		assert_true(end(&rig, WEBHOOK_FAILED));
		assert_true(webhook_deadline(&rig.webhook).ns > rig.now_ns);
		assert_true(webhook_deadline(&rig.webhook).ns <=
			    rig.now_ns + BACKOFF_MOST_NS + BW_S);
		assert_false(begin(&rig));
		rig.now_ns = webhook_deadline(&rig.webhook).ns;
	}
	assert_true(tries > 3 * 86400 / 301);
	assert_int_equal(rig.outbox.count, 2);
}

/* What is old gives way to a later one of the same topic; the last one never does. */
static void test_what_is_superseded(void **state)
{
	struct rig rig;

	(void)state;
	make_rig(&rig, 2);
	put(&rig.outbox, 3, "a", rig.now_ns + 1);
	rig.now_ns += DAY;
	assert_true(begin(&rig));
	assert_int_equal(rig.webhook.under_way, 1); /* for at least a day */
	end(&rig, WEBHOOK_FAILED);
	rig.now_ns += DAY;
	assert_true(begin(&rig));
	assert_int_equal(rig.webhook.under_way, 2);
	assert_true(end(&rig, WEBHOOK_DELIVERED));
	assert_true(begin(&rig));
	assert_int_equal(rig.webhook.under_way, 3);
}

static void test_one_that_is_refused_does_not_hold_others_for_ever(void **state)
{
	struct rig rig;

	(void)state;
	make_rig(&rig, 2);
	assert_true(begin(&rig));
	assert_true(end(&rig, WEBHOOK_REFUSED));
	rig.now_ns += DAY;
	assert_true(begin(&rig));
	assert_true(end(&rig, WEBHOOK_REFUSED));
	rig.now_ns += BACKOFF_MOST_NS;
	assert_true(begin(&rig));
	assert_false(end(&rig, WEBHOOK_REFUSED)); /* given up */
	rig.now_ns += BACKOFF_MOST_NS;
	assert_true(begin(&rig));
	assert_int_equal(rig.webhook.under_way, 2);
}

static void test_a_store_that_fails(void **state)
{
	struct rig rig;

	(void)state;
	make_rig(&rig, 1);
	rig.outbox.fails = true;
	assert_false(begin(&rig));
	assert_true(rig.webhook.waits);
	assert_true(webhook_deadline(&rig.webhook).ns > rig.now_ns);
	rig.now_ns += BACKOFF_MOST_NS;
	rig.outbox.fails = false;
	assert_true(begin(&rig));
	rig.outbox.fails = true; /* delivered, and that cannot be noted: it is sent again */
	assert_true(end(&rig, WEBHOOK_DELIVERED));
	rig.outbox.fails = false;
	rig.now_ns += BACKOFF_MOST_NS;
	assert_true(begin(&rig));
	assert_int_equal(rig.webhook.under_way, 1);
}

/* RFC 4231, test case 2. */
static void test_the_signature(void **state)
{
	static const char text[] = "what do ya want for nothing?";
	char signature[WEBHOOK_SIGNATURE_TEXT];

	(void)state;
	webhook_sign("Jefe", text, strlen(text), signature);
	assert_string_equal(signature, "sha256=5bdcc146bf60754e6a042426089575c7"
				       "5a003f089d2739839dec58b964ec3843");
}

static void test_what_an_answer_means(void **state)
{
	(void)state;
	assert_int_equal(webhook_judge(200), WEBHOOK_DELIVERED);
	assert_int_equal(webhook_judge(204), WEBHOOK_DELIVERED);
	assert_int_equal(webhook_judge(301), WEBHOOK_FAILED);
	assert_int_equal(webhook_judge(400), WEBHOOK_REFUSED);
	assert_int_equal(webhook_judge(408), WEBHOOK_FAILED);
	assert_int_equal(webhook_judge(410), WEBHOOK_REFUSED);
	assert_int_equal(webhook_judge(429), WEBHOOK_FAILED);
	assert_int_equal(webhook_judge(503), WEBHOOK_FAILED);
	assert_int_equal(webhook_judge(0), WEBHOOK_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_a_dead_receiver),
		cmocka_unit_test(test_what_is_superseded),
		cmocka_unit_test(test_one_that_is_refused_does_not_hold_others_for_ever),
		cmocka_unit_test(test_a_store_that_fails),
		cmocka_unit_test(test_the_signature),
		cmocka_unit_test(test_what_an_answer_means),
	};

	return cmocka_run_group_tests_name("collect/webhook_delivery", tests, NULL, NULL);
}
