/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/connect.h"

#include <errno.h>
#include <stdlib.h>

#include "app/ship/outlets.h"
#include "sys/loop/loop.h"

struct connect;

struct attempt {
	struct connect *connect;
	const struct conf_run_sink *conf;
	struct carrier carrier;
	uint8_t items[1];
};

struct connect {
	FILE *out;
	struct loop *loop;
	struct outlets *outlets;
	struct attempt *attempts;
	size_t count, waiting, failed;
};

static void tell(struct attempt *attempt, bool good, const char *text)
{
	struct connect *connect = attempt->connect;

	fprintf(connect->out, "sink '%s' (%s): %s\n", attempt->conf->name, attempt->conf->url,
		text);
	connect->failed += !good;
	connect->waiting--;
	if (connect->waiting == 0)
		loop_stop(connect->loop);
}

/* A receiver that wants no empty body (400) has been reached, and has let us in. */
static void on_answer(void *self, const struct carrier_news *news)
{
	const struct answer_verdict *verdict = news->verdict;
	bool good = verdict->kind == ANSWER_STORED || verdict->kind == ANSWER_ASIDE ||
		    verdict->kind == ANSWER_ITEMS;

	tell(self, good, verdict->kind == ANSWER_STORED ? "takes records" : verdict->text);
}

static void on_wake(void *self, struct bw_now now)
{
	struct connect *connect = self;

	outlets_wake(connect->outlets, now);
	loop_set_deadline(connect->loop, outlets_deadline(connect->outlets));
}

static void on_signal(void *self, int signal)
{
	struct connect *connect = self;

	(void)signal;
	loop_stop(connect->loop);
}

static void start(struct attempt *attempt, size_t n)
{
	struct connect *connect = attempt->connect;
	struct batch batch = {.bytes = NULL};
	const struct batch_slice nothing = {&batch, 0, 0};
	struct bw_err err = {0};
	int code = outlets_open(connect->outlets, n, on_answer, attempt, &attempt->carrier, &err);

	if (code < 0) {
		tell(attempt, false, err.message);
		return;
	}
	code = attempt->carrier.ops->send(attempt->carrier.self, &nothing, attempt->items);
	if (code < 0)
		tell(attempt, false, bw_error_text(code));
}

static int run_attempts(struct connect *connect, struct bw_err *err)
{
	int code;

	connect->attempts =
		calloc(outlets_count(connect->outlets) + 1, sizeof(connect->attempts[0]));
	if (!connect->attempts)
		return bw_err_set(err, -ENOMEM, "out of memory");
	connect->count = outlets_count(connect->outlets);
	connect->waiting = connect->count + 1; /* one until all are started */
	for (size_t i = 0; i < connect->count; i++) {
		connect->attempts[i].connect = connect;
		connect->attempts[i].conf = outlets_conf(connect->outlets, i);
		start(&connect->attempts[i], i);
	}
	connect->waiting--;
	code = connect->waiting > 0 ? loop_run(connect->loop) : 0;
	if (code < 0)
		return bw_err_set(err, code, "the event loop fails");
	if (connect->failed + connect->waiting == 0)
		return 0;
	return bw_err_set(err, BW_ERR_UNAVAILABLE, "%zu of %zu sinks cannot be used",
			  connect->failed + connect->waiting, connect->count);
}

int connect_sinks(const struct conf_run *conf, FILE *out, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {on_wake, on_signal};
	struct connect connect = {.out = out};
	int code = loop_new(&callbacks, &connect, &connect.loop, err);

	if (code == 0)
		code = outlets_new(conf, NULL, &connect.outlets, err);
	if (code == 0)
		code = outlets_start(connect.outlets, connect.loop, err);
	if (code == 0)
		code = run_attempts(&connect, err);
	for (size_t i = 0; i < connect.count; i++)
		if (connect.attempts[i].carrier.ops)
			connect.attempts[i].carrier.ops->free(connect.attempts[i].carrier.self);
	free(connect.attempts);
	outlets_free(connect.outlets);
	loop_free(connect.loop);
	return code;
}
