/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/upkeep/egress_watch.h"

#include <errno.h>

#include "app/common/log.h"
#include "sys/machine/clock.h"

/*
 * Between two looks when nothing is announced. This finds what has no announcement (a
 * sysctl such as ignore_routes_with_linkdown). An attempt to open a lost egress may also
 * have failed for lack of memory or descriptors.
 */
#define LOOK_NS (60 * BW_S)
#define LOST_NS (5 * BW_S)
/* The kernel announces a link before it changes its routes, so a second look follows. */
#define SETTLE_NS (200 * BW_MS)
#define CALM_NS (5 * BW_S) /* with more frequent changes no round would ever end */
#define PAUSE_TIMES 20     /* a look is followed by a pause that is so many times longer */

int egress_watch_open(struct egress_watch *watch, struct current *current, struct timers *timers,
		      size_t timer, struct bw_err *err)
{
	*watch = (struct egress_watch){.current = current, .timers = timers, .timer = timer};
	return net_watch_open(current->loop, &watch->net, err);
}

void egress_watch_close(struct egress_watch *watch)
{
	net_watch_close(watch->net);
	watch->net = NULL;
}

void egress_watch_schedule(struct egress_watch *watch, struct bw_mono now)
{
	timers_set(watch->timers, watch->timer, now);
}

void egress_watch_lost(struct egress_watch *watch, const struct bw_err *err, struct bw_now now)
{
	watch->broken = watch->broken || err->code != -ENETDOWN;
	if (watch->unrouted == 0 && watch->down == 0)
		log_error("run", err);
	egress_watch_look(watch, now);
}

/* Says what has changed for people; the records say it for each block. */
static void log_change(const struct egress_watch *watch, uint32_t unrouted, uint32_t first)
{
	const struct roster *roster = &watch->current->instance->session.roster;
	struct bw_prefix prefix;
	char text[BW_PREFIX_TEXT];

	if (unrouted > watch->unrouted) {
		prefix = roster_prefix(roster, first);
		log_warn("run: no route to %s%s any more", bw_prefix_format(&prefix, text),
			 unrouted > 1 ? " and to more blocks" : "");
	} else if (unrouted == 0 && watch->unrouted > 0) {
		log_warn("run: there is a way out again");
	} else {
		log_warn("run: the way out is another now");
	}
}

static void note_change(struct egress_watch *watch, uint32_t moved)
{
	uint32_t first = 0, unrouted = instance_unrouted(watch->current->instance, &first);

	if (watch->instance && (moved > 0 || unrouted != watch->unrouted))
		log_change(watch, unrouted, first);
	watch->unrouted = unrouted;
}

/* Builds an instance for the routes of now. False: it is tried again at the next look. */
static bool replace_instance(struct egress_watch *watch, struct bw_now now)
{
	struct current *current = watch->current;
	struct instance *next;
	struct bw_err err;

	if (current_prepare(current, current->config, &next, &err) < 0)
		return false;
	current_adopt(current, current->config, next);
	watch->adopted_at = now.mono;
	watch->broken = false;
	current_set_faults(current, 0, 0, now);
	return true;
}

static bool has_route(const struct roster *roster)
{
	for (uint32_t i = 0; i < roster->block_count; i++)
		if (roster->blocks[i].egress != ROSTER_NO_EGRESS)
			return true;
	return false;
}

static bool may_replace(const struct egress_watch *watch, struct bw_now now)
{
	const struct roster *roster = &watch->current->instance->session.roster;

	return !has_route(roster) || watch->broken ||
	       !bw_mono_before(now.mono, bw_mono_add(watch->adopted_at, CALM_NS));
}

/* ROUTES are those of now. */
static void follow(struct egress_watch *watch, const struct egress_routes *routes,
		   struct bw_now now)
{
	struct current *current = watch->current;
	uint32_t first;
	bool tells, replaces = routes->set.count > 0 &&
			(watch->broken || !instance_can_follow(current->instance, routes));

	if (replaces && may_replace(watch, now) && replace_instance(watch, now)) {
		note_change(watch, 1);
		return;
	}
	/* At the start: that blocks have no route is said before any record of a block. */
	tells = !watch->instance && instance_unrouted(current->instance, &first) > 0;
	note_change(watch, instance_follow(current->instance, routes, tells, now));
}

/* An interface or source address that is demanded and is not there: nothing has a route. */
static bool means_lost(int code)
{
	return code == BW_ERR_MISSING || code == -ENODEV || code == -ENETDOWN;
}

static void look(struct egress_watch *watch, struct bw_now now)
{
	struct current *current = watch->current;
	struct egress_routes routes;
	struct bw_err err;
	int code = instance_look(current->instance, current->config, &routes, &err);

	if (code == 0 || means_lost(code))
		follow(watch, &routes, now);
	else if (code == BW_ERR_LIMIT && may_replace(watch, now) && replace_instance(watch, now))
		note_change(watch, 1);
	egress_routes_fini(&routes);
	watch->down = instance_look_at_interfaces(current->instance, now);
}

void egress_watch_look(struct egress_watch *watch, struct bw_now now)
{
	struct bw_mono began = clock_now().mono;
	int64_t next_ns = LOOK_NS;

	look(watch, now);
	watch->instance = watch->current->instance;
	watch->looked_at = now.mono;
	watch->pause_ns = PAUSE_TIMES * bw_mono_since(clock_now().mono, began);
	if (watch->pause_ns < SETTLE_NS)
		watch->pause_ns = SETTLE_NS;
	if (watch->announced)
		next_ns = watch->pause_ns;
	else if (watch->unrouted > 0 || watch->down > 0 || watch->broken)
		next_ns = LOST_NS;
	timers_set(watch->timers, watch->timer, bw_mono_add(now.mono, next_ns));
	watch->announced = false;
}

/* Looks at once, but in a storm of announcements not more often than the pause allows. */
void egress_watch_listen(struct egress_watch *watch, struct bw_now now)
{
	struct bw_mono at = bw_mono_add(watch->looked_at, watch->pause_ns);
	bool is_other = watch->instance && watch->instance != watch->current->instance;

	if (!net_watch_changed(watch->net) && !is_other)
		return;
	if (bw_mono_before(at, now.mono))
		at = now.mono;
	timers_advance(watch->timers, watch->timer, at);
	watch->announced = true;
}
