/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/store_watch.h"

#include <errno.h>
#include <stdlib.h>

#include "base/rng.h"

#define TRIAL_EVERY_NS (1 * BW_S)
#define WAIT_MAX_NS (60 * BW_S)      /* a later time is from before the clock was set back */
#define BYTES_MIN ((size_t)64 << 10) /* what a transaction with one record writes, and some more */
#define BYTES_MAX ((size_t)8 << 20)
#define WRITTEN_FOR_ONE 2 /* bytes that the store writes for one of a body: indexes, sums */
#define DOUBTS_MAX 5      /* doublings of a trial */

/* A message to a webhook that has no name: nobody reads it. */
#define NOBODY ""

void store_watch_succeeded(struct store_watch *watch, size_t bytes)
{
	watch->busy_ns = 0;
	if (bytes < watch->bytes)
		return;
	watch->stores = true;
	watch->bytes = 0;
	watch->by_trial = false;
	watch->doubts = 0;
}

/* Whether a lock of another process has just been met. */
static bool is_momentary(struct store_watch *watch, const struct bw_err *why, int64_t now_ns)
{
	if (why->code != -EBUSY)
		return false;
	if (watch->busy_ns == 0 || watch->busy_ns > now_ns)
		watch->busy_ns = now_ns;
	return watch->stores && now_ns - watch->busy_ns < STORE_WATCH_BUSY_NS;
}

void store_watch_failed(struct store_watch *watch, const struct bw_err *why, size_t bytes,
			int64_t now_ns)
{
	if (is_momentary(watch, why, now_ns))
		return;
	if (watch->by_trial && bytes > 0 && why->code != -EBUSY && watch->doubts < DOUBTS_MAX)
		watch->doubts++; /* the trial was too small */
	watch->by_trial = false;
	watch->stores = false;
	watch->why = *why;
	if (why->code != -EBUSY && bytes > watch->bytes)
		watch->bytes = bytes;
	watch->trial_ns = now_ns + TRIAL_EVERY_NS;
}

/* Text that a database cannot make smaller. NULL: out of memory. */
static char *make_text(size_t length)
{
	char *text = malloc(length + 1);

	if (!text)
		return NULL;
	for (size_t i = 0; i < length; i++)
		text[i] = (char)('!' + rng_mix(i) % 94);
	text[length] = '\0';
	return text;
}

static int take_number(void *arg, const struct store_message *message)
{
	*(uint64_t *)arg = message->number;
	return 0;
}

/* Deletes what this trial or an earlier one has written. */
static int drop_trials(const struct store *store, struct bw_err *err)
{
	uint64_t number, last = UINT64_MAX;
	int result;

	do {
		number = last;
		result = store->ops->first_message(store->self, NOBODY, take_number, &number, err);
		if (result < 0 || number == last)
			return result;
		last = number;
		result = store->ops->drop_message(store->self, number, err);
	} while (result == 0);
	return result;
}

/* One transaction that deletes earlier trials and writes TEXT; NULL: that writes nothing. */
static int run(const struct store *store, const char *text, int64_t now_ns, struct bw_err *err)
{
	const struct store_message message = {
		.webhook = NOBODY, .topic = "", .key = "", .time_ns = now_ns, .text = text};
	int result = store->ops->begin(store->self, err);

	if (result < 0)
		return result;
	result = drop_trials(store, err);
	if (result == 0 && text)
		result = store->ops->put_message(store->self, &message, err);
	if (result == 0)
		result = store->ops->commit(store->self, err);
	if (result < 0)
		store->ops->rollback(store->self);
	return result;
}

static size_t trial_bytes(const struct store_watch *watch)
{
	const size_t body = watch->bytes < BYTES_MAX ? watch->bytes : BYTES_MAX;
	const size_t bytes = (BYTES_MIN + WRITTEN_FOR_ONE * body) << watch->doubts;

	return bytes < BYTES_MAX ? bytes : BYTES_MAX;
}

static void try_it(struct store_watch *watch, const struct store *store, int64_t now_ns)
{
	struct bw_err err = {.code = 0};
	char *text = make_text(trial_bytes(watch));
	int result =
		text ? run(store, text, now_ns, &err) : bw_err_set(&err, -ENOMEM, "out of memory");

	free(text);
	if (result == 0)
		result = run(store, NULL, now_ns, &err);
	if (result < 0) {
		store_watch_failed(watch, &err, watch->bytes, now_ns);
		return;
	}
	watch->busy_ns = 0;
	watch->stores = true;
	watch->by_trial = true;
}

static void look_after(struct store_watch *watch, const struct store *store, int64_t now_ns)
{
	struct bw_err err = {.code = 0};
	int64_t wait_ns = INT64_MAX;

	if (now_ns < watch->next_ns && watch->next_ns - now_ns <= WAIT_MAX_NS)
		return;
	if (store->ops->watch(store->self, &wait_ns, &err) < 0 && watch->stores)
		store_watch_failed(watch, &err, 0, now_ns);
	watch->next_ns = now_ns + (wait_ns < WAIT_MAX_NS ? wait_ns : WAIT_MAX_NS);
}

int64_t store_watch_tick(struct store_watch *watch, const struct store *store, bool may_try,
			 int64_t now_ns)
{
	int64_t next = INT64_MAX;

	if (store->ops->watch) {
		look_after(watch, store, now_ns);
		next = watch->next_ns;
	}
	if (watch->stores)
		return next;
	if (watch->trial_ns - now_ns > WAIT_MAX_NS)
		watch->trial_ns = now_ns;
	if (may_try && now_ns >= watch->trial_ns)
		try_it(watch, store, now_ns);
	if (watch->stores || !may_try)
		return next;
	return watch->trial_ns < next ? watch->trial_ns : next;
}
