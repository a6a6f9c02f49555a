/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon around a vantage with rounds: signals, reload, state on disk, the
 * service manager, and an interface that goes away.
 *
 * A reload is all or nothing: configuration, targets, block list and routes are
 * read and opened anew beside the old ones; only when all of that has worked does
 * the memory go over and the old end. The same way leads out of an interface that
 * vanished, and of routes or an address that are others than before: the ways are
 * looked at when the kernel announces a change, and taken anew when there are any.
 *
 * What the daemon knows of its own machine (no way out, a connection-tracking table
 * that is full) it holds against the vantage, which is blind until it lets go.
 *
 * State is saved with each event, each minute and at the end; a state that is
 * damaged is set aside with a message and costs the history only.
 */
#include "app/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/common/identity.h"
#include "app/common/log.h"
#include "app/outlet.h"
#include "app/run/instance.h"
#include "sys/disk/state_file.h"
#include "sys/loop/loop.h"
#include "sys/machine/clock.h"
#include "sys/machine/conntrack.h"
#include "sys/machine/notify.h"
#include "sys/machine/privilege.h"
#include "sys/net/net_watch.h"

#define SAVE_NS (60 * BW_S)
/*
 * Between looks at the ways out when nothing was announced. What has no announcement
 * (a sysctl such as ignore_routes_with_linkdown) is found by that; and while there is no
 * way out, an attempt to open it may have failed for want of memory or of a file.
 */
#define WAYS_NS (60 * BW_S)
#define LOST_NS (5 * BW_S)
/* The kernel announces a link before it has changed its routes: a second look. */
#define SETTLE_NS (200 * BW_MS)
#define CALM_NS (5 * BW_S) /* ways that change faster would let no round end */
#define CONNTRACK_NS BW_S /* a flood fills the table in seconds */
#define STATUS_NS (30 * BW_S)

struct daemon {
	const char *path;
	struct conf_run *conf;
	struct conf_run confs[2]; /* the one in use, and the one of a reload */
	struct instance *instance;
	struct outlet *outlet;
	struct loop *loop;
	struct state_file *state;
	struct net_watch *net;
	struct notify notify;
	char boot[IDENTITY_BOOT_TEXT];
	uint32_t boots;
	struct conntrack conntrack;
	struct bw_mono save_at, ways_at, conntrack_at, status_at, watchdog_at;
	struct bw_mono looked_at, adopted_at; /* at the ways; new ones */
	bool settles; /* something was announced since the last look */
	unsigned lost; /* why there was no way out at the last look (enum bw_reason), or 0 */
	bool ends, reloads, dumps;
	bool changed; /* an event went out, or the vantage's health changed, since the last save */
	bool healthy; /* as the last record of the vantage said */
};

static void say(const struct bw_err *err)
{
	log_error("run", err);
}

static void save(struct daemon *d, struct bw_now now)
{
	struct bw_err err;
	FILE *file;

	d->save_at = bw_mono_add(now.mono, SAVE_NS);
	d->changed = false;
	if (!d->state)
		return;
	if (state_file_begin(d->state, &file, &err) < 0 ||
	    state_file_commit(d->state, persist_save(d->instance->vantage, file, d->boots, &err),
			      &err) < 0)
		say(&err);
}

static int load(struct daemon *d, struct bw_err *err)
{
	struct persist_restore restore = {
		.vantage = d->instance->vantage,
		.now = d->instance->now,
	};
	struct state_handlers handlers = persist_handlers(&restore);
	int code;

	if (!d->conf->state_directory)
		return 0;
	code = state_file_open(d->conf->state_directory, &d->state, err);
	if (code < 0)
		return code;
	code = state_file_load(d->state, &handlers, d->instance->now.wall, err);
	if (code == BW_ERR_SYNTAX || code == BW_ERR_VALUE)
		say(err); /* set aside: it goes on without */
	else if (code < 0)
		return code;
	d->boots = restore.boots + 1;
	return 0;
}

static void put_record(void *self, const struct record *record)
{
	struct daemon *d = self;
	struct record_sink sink = outlet_sink(d->outlet);

	d->changed = d->changed || record->type == RECORD_EVENT ||
		     (record->type == RECORD_VANTAGE && record->vantage.healthy != d->healthy);
	if (record->type == RECORD_VANTAGE)
		d->healthy = record->vantage.healthy;
	sink.put(sink.self, record);
}

static struct instance_config config_of(struct daemon *d, const struct conf_run *conf)
{
	return (struct instance_config){
		.conf = conf,
		.boot = d->boot,
		.loop = d->loop,
		.sink = {.put = put_record, .self = d},
		.first_seq = d->instance ? vantage_seq(d->instance->vantage) : 0,
	};
}

/* A new vantage beside the old one, which remembers all. CONF is the new one's. */
static int prepare(struct daemon *d, const struct conf_run *conf, struct instance **ret_next,
		   struct bw_err *err)
{
	struct instance_config config = config_of(d, conf);
	struct instance *next = NULL;
	int code = instance_new(&config, &next, err);

	if (code == 0)
		code = instance_inherit(next, d->instance, err);
	if (code < 0) {
		instance_free(next);
		return code;
	}
	*ret_next = next;
	return 0;
}

static void adopt(struct daemon *d, struct instance *next)
{
	instance_free(d->instance);
	d->instance = next;
}

static int read_anew(const struct daemon *d, struct conf_run *conf, struct bw_err *err)
{
	int code = conf_run_read(d->path, conf, err);
	const char *key;

	if (code < 0)
		return code;
	key = conf_run_restart_needed(d->conf, conf);
	if (key)
		return bw_err_set(err, BW_ERR_VALUE, "%s can only be changed by a restart", key);
	return 0;
}

/* The vantage is blind as long as the machine is not fit. To be said to each new vantage. */
static void hold_blind(struct daemon *d, struct bw_now now)
{
	vantage_blind(d->instance->vantage,
		      d->lost | (d->conntrack.full ? BW_WHY_CONNTRACK_FULL : 0), now);
}

/* Sinks and vantage as CONF has them, or all as it was. */
static int try_reload(struct daemon *d, struct conf_run *conf, struct bw_err *err)
{
	struct instance *next = NULL;
	struct bw_err ignored;
	int code = read_anew(d, conf, err);

	if (code == 0)
		code = prepare(d, conf, &next, err);
	if (code < 0)
		return code;
	code = outlet_reopen(d->outlet, conf, err);
	if (code == 0) {
		adopt(d, next);
		return 0;
	}
	(void)outlet_reopen(d->outlet, d->conf, &ignored);
	instance_free(next);
	return code;
}

static void reload(struct daemon *d)
{
	struct conf_run *next = &d->confs[d->conf == &d->confs[0]];
	struct bw_err err;
	char why[1024];

	notify_reloading(&d->notify, d->instance->now.mono);
	if (try_reload(d, next, &err) < 0) {
		bw_err_format(&err, why, sizeof(why));
		log_warn("run: the reload has failed, all stays as it was: %s", why);
		conf_run_fini(next);
		*next = (struct conf_run){0};
	} else {
		conf_run_fini(d->conf);
		*d->conf = (struct conf_run){0};
		d->conf = next;
		log_warn("run: reloaded");
	}
	notify_ready(&d->notify);
}

static void on_signal(void *self, int signal)
{
	struct daemon *d = self;

	d->ends = d->ends || signal == SIGTERM || signal == SIGINT;
	d->reloads = d->reloads || signal == SIGHUP;
	d->dumps = d->dumps || signal == SIGUSR1;
}

/* There is no way out: nothing can be told until there is one, opened anew. */
static void lose_network(struct daemon *d, const struct bw_err *err, struct bw_now now)
{
	if (!d->lost)
		say(err);
	d->lost = err->code == BW_ERR_NO_ROUTE ? BW_WHY_NO_ROUTE : BW_WHY_INTERFACE_DOWN;
	hold_blind(d, now);
}

/* As instance_check_egress(), and whether packets can leave there. */
static int judge_ways(const struct daemon *d, struct bw_err *err)
{
	int ways = instance_check_egress(d->instance, d->conf, err);

	if (ways > 0 && !d->lost && network_state(d->instance->network, err) < 0)
		return err->code;
	return ways;
}

static bool is_loss(int code)
{
	return code == BW_ERR_NO_ROUTE || code == BW_ERR_MISSING || code == -ENODEV ||
	       code == -ENETDOWN;
}

static void take_ways(struct daemon *d, struct bw_now now)
{
	struct instance *next;
	struct bw_err err;

	if (prepare(d, d->conf, &next, &err) < 0)
		return;
	if (network_state(next->network, &err) < 0) {
		instance_free(next);
		return;
	}
	adopt(d, next);
	log_warn(d->lost ? "run: there is a way out again" : "run: the way out is another now");
	d->adopted_at = now.mono;
	d->lost = 0;
	hold_blind(d, now);
}

static void look_at_ways(struct daemon *d, struct bw_now now)
{
	struct bw_mono calm = bw_mono_add(d->adopted_at, CALM_NS);
	struct bw_err err;
	int ways = judge_ways(d, &err);

	d->looked_at = now.mono;
	if (is_loss(ways))
		lose_network(d, &err, now);
	else if (ways == 0 && !d->lost && bw_mono_before(now.mono, calm))
		d->settles = true;
	else if (ways == 0 || (ways > 0 && d->lost))
		take_ways(d, now);
	d->ways_at = bw_mono_add(now.mono, d->settles ? SETTLE_NS : d->lost ? LOST_NS : WAYS_NS);
	d->settles = false;
}

/* Looks at once, and once more when it has settled; in a storm not all the time. */
static void note_change(struct daemon *d, struct bw_now now)
{
	struct bw_mono at = bw_mono_add(d->looked_at, SETTLE_NS);

	if (bw_mono_before(at, now.mono))
		at = now.mono;
	d->ways_at = bw_mono_min(d->ways_at, at);
	d->settles = true;
}

static void look_at_conntrack(struct daemon *d, struct bw_now now)
{
	const struct conntrack *table = &d->conntrack;
	bool was_full = table->full;

	d->conntrack_at = bw_mono_add(now.mono, CONNTRACK_NS);
	if (conntrack_look(&d->conntrack) && !was_full)
		log_warn("run: the connection-tracking table is full (%llu of %llu): nothing can "
			  "be told; raise net.netfilter.nf_conntrack_max, or let no rule track "
			  "the probes", (unsigned long long)table->count,
			  (unsigned long long)table->max);
	if (!table->full && was_full)
		log_warn("run: the connection-tracking table has room again");
	if (table->full || was_full)
		hold_blind(d, now);
}

static void tell_manager(struct daemon *d, struct bw_now now)
{
	struct vantage_progress progress;
	char text[160];

	if (!bw_mono_before(now.mono, d->watchdog_at)) {
		notify_watchdog(&d->notify);
		d->watchdog_at = bw_mono_add(now.mono, d->notify.watchdog_ns / 2);
	}
	if (bw_mono_before(now.mono, d->status_at))
		return;
	vantage_progress(d->instance->vantage, &progress);
	snprintf(text, sizeof(text), "watching %u blocks, %llu probes sent, %llu replies",
		 progress.blocks, (unsigned long long)progress.sent,
		 (unsigned long long)progress.replies);
	notify_status(&d->notify, text);
	d->status_at = bw_mono_add(now.mono, STATUS_NS);
}

static struct bw_mono next_wake(const struct daemon *d, struct bw_now now)
{
	struct bw_mono next = vantage_deadline(d->instance->vantage, now);

	next = bw_mono_min(next, bw_mono_min(d->save_at, d->ways_at));
	next = bw_mono_min(next, d->conntrack_at);
	return bw_mono_min(next, bw_mono_min(d->status_at, d->watchdog_at));
}

static void on_wake(void *self, struct bw_now now)
{
	struct daemon *d = self;
	struct bw_err err;

	if (!bw_mono_before(now.mono, d->conntrack_at))
		look_at_conntrack(d, now); /* before any silence is judged */
	if (net_watch_changed(d->net))
		note_change(d, now);
	if (instance_wake(d->instance, now, &err) < 0)
		lose_network(d, &err, now);
	if (d->dumps)
		vantage_dump(d->instance->vantage, now);
	if (d->reloads)
		reload(d);
	else if (!bw_mono_before(now.mono, d->ways_at))
		look_at_ways(d, now);
	d->dumps = d->reloads = false;
	outlet_wake(d->outlet); /* before the state, which takes its time */
	if (d->changed || !bw_mono_before(now.mono, d->save_at))
		save(d, now);
	tell_manager(d, now);
	if (d->ends)
		loop_stop(d->loop);
	else
		loop_set_deadline(d->loop, next_wake(d, now));
}

static int start(struct daemon *d, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {
		.on_wake = on_wake,
		.on_signal = on_signal,
	};
	struct instance_config config;
	int code = d->conf->user ? privilege_become(d->conf->user, err) : 0;

	if (code == 0)
		code = loop_new(&callbacks, d, &d->loop, err);
	if (code == 0)
		code = outlet_new(d->conf, d->loop, &d->outlet, err);
	if (code == 0) /* before the ways are found, so that no change is missed */
		code = net_watch_open(d->loop, &d->net, err);
	if (code < 0)
		return code;
	config = config_of(d, d->conf);
	code = instance_new(&config, &d->instance, err);
	if (code == 0)
		code = load(d, err);
	return code;
}

static void stop(struct daemon *d)
{
	if (d->instance && d->loop)
		save(d, clock_now());
	if (d->outlet)
		outlet_flush(d->outlet);
	instance_free(d->instance);
	net_watch_close(d->net);
	outlet_free(d->outlet);
	loop_free(d->loop);
	state_file_close(d->state);
	conf_run_fini(&d->confs[0]);
	conf_run_fini(&d->confs[1]);
	notify_fini(&d->notify);
}

int daemon_run(const char *path, struct conf_run *conf, struct bw_err *err)
{
	struct daemon d = {
		.path = path,
		.boots = 1,
		.conntrack.folder = CONNTRACK_FOLDER,
	};
	int code;

	d.confs[0] = *conf;
	*conf = (struct conf_run){0};
	d.conf = &d.confs[0];
	identity_boot(d.boot);
	notify_init(&d.notify);
	code = start(&d, err);
	if (code == 0) {
		struct bw_now now = clock_now();

		d.save_at = bw_mono_add(now.mono, SAVE_NS);
		d.ways_at = bw_mono_add(now.mono, WAYS_NS);
		d.conntrack_at = d.status_at = now.mono;
		d.watchdog_at = d.notify.watchdog_ns ? now.mono : BW_NEVER;
		notify_ready(&d.notify);
		code = loop_run(d.loop);
		if (code < 0)
			bw_err_set(err, code, "the event loop failed: %s", bw_error_text(code));
		notify_stopping(&d.notify);
	}
	if (code < 0 && d.instance) { /* what was saved before is worth more than this start */
		state_file_close(d.state);
		d.state = NULL;
	}
	stop(&d);
	return code;
}
