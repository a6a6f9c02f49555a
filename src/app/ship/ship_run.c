/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/ship_run.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/common/log.h"
#include "app/ship/outlets.h"
#include "app/ship/ship_notes.h"
#include "app/ship/ship_sink.h"
#include "sys/loop/loop.h"
#include "sys/machine/clock.h"
#include "sys/machine/privilege.h"
#include "sys/spool/folder_watch.h"
#include "sys/spool/position_file.h"
#include "sys/spool/spool_folder.h"
#include "sys/spool/spool_id.h"

#define NOBODY "nobody"
#define REFUSED_SHARE 16

struct ship {
	const struct ship_run_options *options;
	struct loop *loop;
	struct outlets *outlets;
	struct ship_sink *sinks;
	size_t count; /* of sinks that were begun */
	struct folder_watch watch;
	int folder, lock; /* descriptors; -1: none */
	struct refused refused;
	bool ends; /* all is delivered, and was told */
};

static bool is_done(const struct ship *ship)
{
	for (size_t i = 0; i < ship->count; i++)
		if (!ship_sink_is_done(&ship->sinks[i]))
			return false;
	return true;
}

/* Whether all is stored. If time alone is missing, *RET_AT is when it is over. */
static bool is_stored(const struct ship *ship, struct bw_now now, struct bw_mono *ret_at)
{
	struct bw_mono last = {0};

	*ret_at = BW_NEVER;
	for (size_t i = 0; i < ship->count; i++) {
		const struct bw_mono at = ship_sink_stored_at(&ship->sinks[i]);

		if (bw_mono_before(now.mono, at))
			ship_notes_waiting(&ship->sinks[i], bw_mono_since(at, now.mono));
		last = bw_mono_max(last, at);
	}
	if (!bw_mono_before(now.mono, last))
		return true;
	*ret_at = last;
	return false;
}

/* The one line of `--until-empty` at its end: how many records each sink has taken. */
static void tell_delivered(const struct ship_sink *sinks, size_t count)
{
	FILE *out;
	char *text = NULL;
	size_t length;
	uint64_t all = 0;
	bool unreadable = false;

	for (size_t i = 0; i < count; i++) {
		all += ship_sink_delivered(&sinks[i]) + ship_sink_aside(&sinks[i]);
		unreadable |= sinks[i].unreadable;
	}
	out = all > 0 ? open_memstream(&text, &length) : NULL;
	for (size_t i = 0; out && i < count; i++) {
		const uint64_t lines = ship_sink_delivered(&sinks[i]);
		const uint64_t aside = ship_sink_aside(&sinks[i]);

		fprintf(out, "%s%" PRIu64 " record%s to %s", i > 0 ? ", " : "", lines,
			lines == 1 ? "" : "s", sinks[i].conf->name);
		if (aside > 0)
			fprintf(out, " (%" PRIu64 " set aside)", aside);
	}
	if (out && fclose(out) == 0 && text)
		log_info("ship: delivered %s", text);
	else if (all == 0 && !unreadable)
		log_info("ship: nothing to ship");
	free(text);
}

/* Returns when to look again; BW_NEVER: when there is news. */
static struct bw_mono end_if_empty(struct ship *ship, struct bw_now now)
{
	struct bw_mono at = BW_NEVER;

	/* The loop may wake it once more after loop_stop(). */
	if (ship->ends || !is_done(ship) || !is_stored(ship, now, &at))
		return at;
	ship->ends = true;
	tell_delivered(ship->sinks, ship->count);
	loop_stop(ship->loop);
	return BW_NEVER;
}

static void on_wake(void *self, struct bw_now now)
{
	struct ship *ship = self;
	int64_t period = folder_watch_period_ns(&ship->watch);
	char peer[POSITION_NAME];
	struct bw_mono next;
	uint64_t confirmed;

	outlets_wake(ship->outlets, now);
	next = bw_mono_add(now.mono, period);
	for (size_t i = 0; i < ship->count; i++) {
		confirmed = outlets_peer(ship->outlets, i, peer, sizeof(peer));
		ship_sink_peer(&ship->sinks[i], peer, now.mono);
		ship_sink_confirm(&ship->sinks[i], confirmed, now);
		ship_sink_wake(&ship->sinks[i], ship->options->until_empty, now);
		next = bw_mono_min(next, ship_sink_deadline(&ship->sinks[i], now));
	}
	next = bw_mono_min(next, outlets_deadline(ship->outlets));
	if (ship->options->until_empty)
		next = bw_mono_min(next, end_if_empty(ship, now));
	loop_set_deadline(ship->loop, next);
}

static void on_signal(void *self, int signal)
{
	struct ship *ship = self;

	if (signal == SIGTERM || signal == SIGINT)
		loop_stop(ship->loop);
	else if (signal == SIGHUP)
		log_warn("ship: a changed configuration holds from the next start on");
}

/* `run` holds the other end: when it is gone, so is this process. */
static void on_input(void *self, unsigned events)
{
	struct ship *ship = self;
	char ignored[64];
	ssize_t length = read(STDIN_FILENO, ignored, sizeof(ignored));

	(void)events;
	if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR))
		loop_stop(ship->loop);
}

static int open_carriers(struct ship *ship, size_t n, struct bw_err *err)
{
	struct ship_sink *sink = &ship->sinks[n];
	int code = 0;

	for (int i = 0; i < SHIP_SINK_LANES && code == 0; i++)
		code = outlets_open(ship->outlets, n, ship_lane_answered, &sink->lanes[i],
				    &sink->lanes[i].carrier, err);
	return code;
}

static int open_sinks(struct ship *ship, struct bw_err *err)
{
	const size_t count = outlets_count(ship->outlets);
	char spool[SPOOL_ID_TEXT];
	const struct ship_sink_place place = {ship->folder, spool, &ship->refused};
	int code = 0;

	(void)spool_id_read(ship->folder, spool);
	ship->sinks = calloc(count, sizeof(ship->sinks[0]));
	if (!ship->sinks)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count && code == 0; i++) {
		ship->count++;
		code = ship_sink_init(&ship->sinks[i], outlets_conf(ship->outlets, i), &place,
				      clock_now());
		if (code < 0)
			return bw_err_set(err, code, "out of memory");
		code = open_carriers(ship, i, err);
	}
	return code;
}

static int open_loop(struct ship *ship, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {on_wake, on_signal};
	char path[64];
	int code = loop_new(&callbacks, ship, &ship->loop, err);

	if (code < 0)
		return code;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ship->folder);
	folder_watch_start(&ship->watch, ship->loop, path);
	if (ship->options->child)
		code = loop_watch(ship->loop, STDIN_FILENO, LOOP_READABLE, on_input, ship);
	return code < 0 ? bw_err_set(err, code, "cannot watch standard input") : 0;
}

/* Of `--until-empty` at its end: what cannot be read is not shipped. */
static int check_readable(const struct ship *ship, struct bw_err *err)
{
	uint64_t segment;
	int code = 0;

	for (size_t i = 0; i < ship->count && code == 0; i++)
		code = ship_sink_unreadable(&ship->sinks[i], &segment);
	return code == 0 ? 0
			 : bw_err_set(err, code == -EACCES ? code : BW_ERR_MISSING,
				      "not all is shipped: spool/records-%" PRIu64
				      ".jsonl cannot be read",
				      segment);
}

static int run_loop(struct ship *ship, struct bw_err *err)
{
	int code = loop_run(ship->loop);

	if (code < 0)
		return bw_err_set(err, code, "the event loop fails");
	return ship->ends ? check_readable(ship, err) : 0;
}

/* Of the limit of the spool, so much is for what is set aside. */
static uint64_t refused_max(uint64_t size)
{
	return size / REFUSED_SHARE > BATCH_BYTES ? size / REFUSED_SHARE : BATCH_BYTES;
}

/* The order matters: what only root may read comes first, connections come last. */
static int begin(struct ship *ship, const struct conf_run *conf, struct bw_err *err)
{
	const char *user = conf->user ? conf->user : NOBODY;
	char path[SPOOL_FOLDER_PATH];
	int code = outlets_new(conf, ship->options->secrets, &ship->outlets, err);

	if (code == 0 && outlets_count(ship->outlets) == 0)
		code = bw_err_set(err, BW_ERR_VALUE,
				  "no sink of \"sinks\" needs `ship`: files and standard output "
				  "are written by `run`");
	if (code == 0)
		code = spool_folder_open(conf->state_directory, user, &ship->folder, path, err);
	ship->refused =
		(struct refused){.folder = ship->folder, .max = refused_max(conf->spool.size)};
	if (code == 0)
		code = privilege_give_up(user, err);
	if (code == 0)
		code = position_file_lock(ship->folder, &ship->lock, err);
	if (code == 0)
		code = open_loop(ship, err);
	if (code == 0)
		code = outlets_start(ship->outlets, ship->loop, err);
	return code == 0 ? open_sinks(ship, err) : code;
}

static void end(struct ship *ship)
{
	for (size_t i = 0; i < ship->count; i++)
		ship_sink_fini(&ship->sinks[i]);
	free(ship->sinks);
	outlets_free(ship->outlets);
	folder_watch_stop(&ship->watch);
	loop_free(ship->loop);
	if (ship->lock >= 0)
		close(ship->lock);
	if (ship->folder >= 0)
		close(ship->folder);
}

int ship_run(const struct conf_run *conf, const struct ship_run_options *options,
	     struct bw_err *err)
{
	struct ship ship = {.options = options, .folder = -1, .lock = -1, .watch = {.fd = -1}};
	int code;

	log_as_service();
	code = begin(&ship, conf, err);
	if (code == 0)
		code = run_loop(&ship, err);
	end(&ship);
	return code;
}
