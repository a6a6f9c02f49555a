/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon joins an instance (the vantage on a real network) with the loop, the sinks,
 * the state on disk and the service manager. It has no logic of its own but the order in
 * which things happen in a wake:
 *
 *   1. faults of this machine are looked for, before any silence is judged;
 *   2. frames are received and the vantage does what is due; its records go to the sinks;
 *   3. what signals asked for: a dump, a reload;
 *   4. what timers ask for: a look at the egress, saving the state, the service manager.
 *
 * What recurs is in the table of timers. Sleep ends at the first of three deadlines: of
 * the timers, of the vantage and of the sinks.
 */
#include "app/run/daemon.h"

#include <errno.h>
#include <signal.h>

#include "app/common/identity.h"
#include "app/common/log.h"
#include "app/run/reload.h"
#include "app/run/upkeep/conntrack_watch.h"
#include "app/run/upkeep/egress_watch.h"
#include "app/run/upkeep/journal.h"
#include "app/run/upkeep/state_store.h"
#include "app/run/upkeep/status.h"
#include "sys/machine/clock.h"
#include "sys/machine/privilege.h"

#define AT_ONCE ((struct bw_mono){0})
#define STALE_NS (86400 * BW_S) /* how often stale targets are warned of */

struct daemon {
	struct loop *loop;
	struct timers timers;
	struct current current;
	struct reload reload;
	struct sinks *sinks;
	struct delivery *delivery;
	struct state_store state;
	struct conntrack_watch conntrack;
	struct egress_watch egress;
	struct notify notify;
	char boot[IDENTITY_BOOT_TEXT];
	bool ends, reloads, dumps; /* as signals asked for */
};

static void look_at_conntrack(void *self, struct bw_now now)
{
	struct daemon *d = self;

	conntrack_watch_look(&d->conntrack, now);
}

static void look_at_egress(void *self, struct bw_now now)
{
	struct daemon *d = self;

	egress_watch_look(&d->egress, now);
}

static void save_state(void *self, struct bw_now now)
{
	struct daemon *d = self;

	(void)now;
	state_store_save(&d->state, d->current.instance->vantage);
}

static void feed_watchdog(void *self, struct bw_now now);

static void tell_status(void *self, struct bw_now now)
{
	struct daemon *d = self;

	(void)now;
	status_tell(&d->notify, d->current.instance->vantage, d->state.healthy);
}

static void warn_of_stale_targets(void *self, struct bw_now now)
{
	struct daemon *d = self;

	run_config_warn(d->current.config, now.wall);
}

/* In the order in which they run. */
enum {
	TIMER_CONNTRACK,
	TIMER_EGRESS,
	TIMER_SAVE,
	TIMER_WATCHDOG,
	TIMER_STALE,
	TIMER_STATUS,
	TIMERS,
};

_Static_assert(TIMERS <= TIMERS_MAX, "the table is large enough");

static const struct timer timer_table[TIMERS] = {
	[TIMER_CONNTRACK] = {"conntrack", CONNTRACK_WATCH_NS, look_at_conntrack},
	[TIMER_EGRESS] = {"egress", 0, look_at_egress},
	[TIMER_SAVE] = {"save", STATE_STORE_NS, save_state},
	[TIMER_WATCHDOG] = {"watchdog", 0, feed_watchdog},
	[TIMER_STALE] = {"stale", STALE_NS, warn_of_stale_targets},
	[TIMER_STATUS] = {"status", STATUS_NS, tell_status},
};

static void feed_watchdog(void *self, struct bw_now now)
{
	struct daemon *d = self;

	notify_watchdog(&d->notify);
	timers_set(&d->timers, TIMER_WATCHDOG, bw_mono_add(now.mono, d->notify.watchdog_ns / 2));
}

static void put_record(void *self, const struct record *record)
{
	struct daemon *d = self;
	struct record_sink sink = sinks_record_sink(d->sinks);

	journal_record(record, &d->current.instance->session.roster);
	if (state_store_is_urgent(&d->state, record))
		timers_set(&d->timers, TIMER_SAVE, AT_ONCE);
	if (record->type == RECORD_VANTAGE) {
		struct record vantage = *record;

		vantage.vantage.delivery = delivery_status(d->delivery);
		sink.put(sink.self, &vantage);
	} else {
		sink.put(sink.self, record);
	}
}

static void on_signal(void *self, int signal)
{
	struct daemon *d = self;

	d->ends = d->ends || signal == SIGTERM || signal == SIGINT;
	d->reloads = d->reloads || signal == SIGHUP;
	d->dumps = d->dumps || signal == SIGUSR1;
}

static void serve_signals(struct daemon *d, struct bw_now now)
{
	if (d->dumps) {
		vantage_dump(d->current.instance->vantage, now);
		sinks_log(d->sinks, false);
	}
	if (d->reloads)
		reload_run(&d->reload);
	d->dumps = d->reloads = false;
}

static struct bw_mono next_wake(const struct daemon *d, struct bw_now now)
{
	struct bw_mono next = vantage_deadline(d->current.instance->vantage, now);

	next = bw_mono_min(next, timers_deadline(&d->timers));
	next = bw_mono_min(next, delivery_deadline(d->delivery));
	return bw_mono_min(next, sinks_deadline(d->sinks));
}

static void on_wake(void *self, struct bw_now now)
{
	struct daemon *d = self;
	struct bw_err err;

	timers_run(&d->timers, TIMER_CONNTRACK, TIMER_CONNTRACK, now);
	egress_watch_listen(&d->egress, now);
	if (instance_wake(d->current.instance, now, &err) < 0)
		egress_watch_lost(&d->egress, &err, now);
	serve_signals(d, now);
	sinks_wake(d->sinks, now);
	delivery_wake(d->delivery, now);
	timers_run(&d->timers, TIMER_EGRESS, TIMER_STATUS, now);
	if (d->ends || sinks_are_over(d->sinks))
		loop_stop(d->loop);
	else
		loop_set_deadline(d->loop, next_wake(d, now));
}

static int become_user(const struct conf_run *conf, struct bw_err *err)
{
	const struct keys_place *place = &conf->places.user;
	int code = conf->user ? privilege_become(conf->user, err) : 0;

	if (code < 0)
		bw_err_place(err, place->file, place->line, place->column, "user");
	return code;
}

/* Everything that the first instance needs. */
static int open_around(struct daemon *d, struct run_config *config, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {
		.on_wake = on_wake,
		.on_signal = on_signal,
	};
	const struct conf_run *conf = &config->conf;
	int code;

	d->delivery = delivery_new(d->reload.path, conf);
	if (!d->delivery)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = become_user(conf, err);
	if (code == 0)
		code = state_store_open(&d->state, conf->state_directory, err);
	if (code == 0)
		code = loop_new(&callbacks, d, &d->loop, err);
	if (code == 0)
		code = sinks_open(conf, d->loop, &d->sinks, err);
	if (code == 0)
		code = delivery_open(d->delivery, conf, d->loop, err);
	if (code < 0)
		return code;
	sinks_set_delivery(d->sinks, d->delivery);
	d->reload.sinks = d->sinks;
	d->reload.delivery = d->delivery;
	d->current = (struct current){
		.config = config,
		.boot = d->boot,
		.loop = d->loop,
		.sink = {.put = put_record, .self = d},
	};
	return egress_watch_open(&d->egress, &d->current, &d->timers, TIMER_EGRESS, err);
}

static int start(struct daemon *d, struct bw_err *err)
{
	struct run_config *config = reload_config(&d->reload);
	struct flaws flaws = {.logs_all = false};
	int code = open_around(d, config, err);

	if (code == 0 && run_config_read_inputs(config, &flaws) < 0)
		code = flaws_result(&flaws, err);
	if (code == 0)
		code = current_start(&d->current, err);
	if (code == 0)
		code = state_store_load(&d->state, d->current.instance, err);
	return code;
}

static void start_timers(struct daemon *d)
{
	struct bw_mono now = clock_now().mono;

	timers_set(&d->timers, TIMER_CONNTRACK, now);
	egress_watch_schedule(&d->egress, now);
	timers_advance(&d->timers, TIMER_SAVE, bw_mono_add(now, STATE_STORE_NS));
	if (d->notify.watchdog_ns)
		timers_set(&d->timers, TIMER_WATCHDOG, now);
	timers_set(&d->timers, TIMER_STALE, bw_mono_add(now, STALE_NS));
	timers_set(&d->timers, TIMER_STATUS, now);
}

static int run(struct daemon *d, struct bw_err *err)
{
	int code;

	start_timers(d);
	journal_start(&d->current.instance->session.roster);
	notify_ready(&d->notify);
	code = loop_run(d->loop);
	if (code < 0)
		bw_err_set(err, code, "the event loop failed: %s", bw_error_text(code));
	else if (!d->ends)
		code = bw_err_set(err, BW_ERR_UNAVAILABLE,
				  "there is nothing left to write records to: give a file as a "
				  "sink, or read standard output");
	notify_stopping(&d->notify);
	return code;
}

static void stop(struct daemon *d, bool saves)
{
	if (d->delivery)
		delivery_stop(d->delivery);
	if (d->current.instance && saves)
		state_store_save(&d->state, d->current.instance->vantage);
	if (d->current.instance)
		vantage_flush(d->current.instance->vantage);
	if (d->sinks) {
		sinks_flush(d->sinks, clock_now().mono);
		sinks_log(d->sinks, true);
	}
	if (d->delivery)
		delivery_end(d->delivery);
	current_stop(&d->current);
	egress_watch_close(&d->egress);
	sinks_free(d->sinks);
	delivery_free(d->delivery);
	loop_free(d->loop);
	state_store_close(&d->state);
	reload_fini(&d->reload);
	notify_fini(&d->notify);
}

int daemon_run(const char *path, struct conf_run *conf, struct bw_err *err)
{
	struct daemon d = {.loop = NULL};
	bool runs = false;
	int code;

	log_as_service();
	identity_boot(d.boot);
	notify_init(&d.notify);
	timers_init(&d.timers, timer_table, TIMERS, &d);
	conntrack_watch_init(&d.conntrack, &d.current);
	reload_init(&d.reload, path, conf);
	d.reload.current = &d.current;
	d.reload.notify = &d.notify;
	code = start(&d, err);
	if (code == 0) {
		runs = true;
		code = run(&d, err);
	}
	stop(&d, runs); /* what was saved before is worth more than a start that failed */
	return code;
}
