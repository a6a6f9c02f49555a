/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/upkeep/egress_watch.h"

#include <errno.h>

#include "app/common/log.h"

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

#define FAULTS ((unsigned)BW_WHY_NO_ROUTE | (unsigned)BW_WHY_INTERFACE_DOWN)

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

static bool is_lost(const struct egress_watch *watch)
{
	return watch->current->faults & FAULTS;
}

void egress_watch_lost(struct egress_watch *watch, const struct bw_err *err, struct bw_now now)
{
	unsigned fault = err->code == BW_ERR_NO_ROUTE ? BW_WHY_NO_ROUTE : BW_WHY_INTERFACE_DOWN;

	if (!is_lost(watch))
		log_error("run", err);
	current_set_faults(watch->current, FAULTS, fault, now);
}

/* As instance_check_egress(), and whether packets can leave there. */
static int check(const struct egress_watch *watch, struct bw_err *err)
{
	const struct current *current = watch->current;
	int same = instance_check_egress(current->instance, &current->config->conf, err);

	if (same > 0 && !is_lost(watch) && netio_state(current->instance->netio, err) < 0)
		return err->code;
	return same;
}

static bool means_lost(int code)
{
	return code == BW_ERR_NO_ROUTE || code == BW_ERR_MISSING || code == -ENODEV ||
	       code == -ENETDOWN;
}

/* Builds an instance for the egress of now. When that fails, it is tried at the next look. */
static void replace_instance(struct egress_watch *watch, struct bw_now now)
{
	struct current *current = watch->current;
	struct instance *next;
	struct bw_err err;

	if (current_prepare(current, current->config, &next, &err) < 0)
		return;
	if (netio_state(next->netio, &err) < 0) {
		instance_free(next);
		return;
	}
	current_adopt(current, current->config, next);
	log_warn(is_lost(watch) ? "run: there is a way out again"
				: "run: the way out is another now");
	watch->adopted_at = now.mono;
	current_set_faults(current, FAULTS, 0, now);
}

void egress_watch_look(struct egress_watch *watch, struct bw_now now)
{
	struct bw_mono calm = bw_mono_add(watch->adopted_at, CALM_NS);
	struct bw_err err;
	int same = check(watch, &err);
	int64_t next_ns;

	watch->looked_at = now.mono;
	if (means_lost(same))
		egress_watch_lost(watch, &err, now);
	else if (same == 0 && !is_lost(watch) && bw_mono_before(now.mono, calm))
		watch->announced = true;
	else if (same == 0 || (same > 0 && is_lost(watch)))
		replace_instance(watch, now);
	next_ns = watch->announced ? SETTLE_NS : is_lost(watch) ? LOST_NS : LOOK_NS;
	timers_set(watch->timers, watch->timer, bw_mono_add(now.mono, next_ns));
	watch->announced = false;
}

/* Looks at once, but in a storm of announcements not more often than the pause allows. */
void egress_watch_listen(struct egress_watch *watch, struct bw_now now)
{
	struct bw_mono at = bw_mono_add(watch->looked_at, SETTLE_NS);

	if (!net_watch_changed(watch->net))
		return;
	if (bw_mono_before(at, now.mono))
		at = now.mono;
	timers_advance(watch->timers, watch->timer, at);
	watch->announced = true;
}
