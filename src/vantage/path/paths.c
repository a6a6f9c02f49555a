/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/paths.h"

#include <errno.h>
#include <stdlib.h>

#include "vantage/path/path_hold.h"
#include "vantage/path/path_persist.h"

struct paths {
	struct paths_config config;
	struct path_tracing tracing;
	struct path_hold hold;
	struct persist_paths persist;
	struct path_words words; /* of the event that leaves the hold */
};

static struct bw_mono now_of(const struct paths *p)
{
	return p->tracing.ledger->now.mono;
}

static struct roster_range units_of(const struct paths *p, enum bw_scope scope, uint32_t number)
{
	uint32_t unit;

	switch (scope) {
	case BW_SCOPE_BLOCK:
		unit = path_units_of_block(&p->tracing.units, number);
		return (struct roster_range){unit, unit + 1};
	case BW_SCOPE_NETWORK:
		return path_units_of_network(&p->tracing.units, number);
	case BW_SCOPE_TARGET:
		return path_units_of_target(&p->tracing.units, number);
	}
	return (struct roster_range){0, 0};
}

static bool any_sought(const struct paths *p, struct roster_range units)
{
	for (uint32_t u = units.first; u < units.end; u++)
		if (p->tracing.units.results[u].search == PATH_SOUGHT)
			return true;
	return false;
}

static bool any_ends(const struct paths *p, struct roster_range units)
{
	for (uint32_t u = units.first; u < units.end; u++)
		if (path_units_ends(&p->tracing.units, u))
			return true;
	return false;
}

/* On the way out of dark, what is known of the path is as old as the outage. */
static bool has_path(const struct record *record)
{
	const struct record_event *event = &record->event;

	return record->type == RECORD_EVENT && event->withdraws == 0 && event->from != BW_DARK &&
	       (event->to == BW_DARK || event->to == BW_FLAPPING || event->to == BW_PARTLY_DARK);
}

/* Whether the first record of the hold need not wait any more. */
static bool is_ready(const struct paths *p, const struct held *held)
{
	const struct record_event *event = &held->record.event;
	const struct path_target *target;

	if (held->until.ns == 0 || !bw_mono_before(now_of(p), held->until))
		return true;
	if (event->scope != BW_SCOPE_TARGET)
		return !any_sought(p, units_of(p, event->scope, event->number));
	target = &p->tracing.targets.list[event->number];
	return target->sought == 0 && event->to == BW_DARK;
}

/* Puts the path into an event that has waited for it. */
static void add_path(struct paths *p, struct record *record)
{
	struct record_event *event = &record->event;

	event->path = path_tell(&p->tracing.units, p->config.tracing.plan, event->scope,
				event->number, event->subject, &p->words);
	if (event->scope == BW_SCOPE_BLOCK && !event->path)
		path_units_set_late(&p->tracing.units, event->number, record->head.seq);
	if (event->scope == BW_SCOPE_TARGET)
		path_targets_told(&p->tracing.targets, event->number, record->head.seq,
				  event->path);
}

static void drain(struct paths *p, bool all)
{
	struct held *held;

	while ((held = path_hold_first(&p->hold)) && (all || is_ready(p, held))) {
		if (held->until.ns)
			add_path(p, &held->record);
		p->config.sink.put(p->config.sink.self, &held->record);
		path_hold_drop(&p->hold);
	}
}

/* Until when an event waits for its path: past, if the path is known. ns 0: it has none. */
static struct bw_mono waits_until(struct paths *p, const struct record *record)
{
	const struct record_event *event = &record->event;
	struct roster_range units;

	if (!has_path(record))
		return (struct bw_mono){0};
	if (event->scope == BW_SCOPE_BLOCK)
		path_tracing_seek(&p->tracing, event->number, record->head.seq);
	if (event->scope == BW_SCOPE_TARGET)
		path_tracing_seek_target(&p->tracing, event->number);
	units = units_of(p, event->scope, event->number);
	if (any_sought(p, units))
		return bw_mono_add(now_of(p), PATHS_WAIT_NS);
	if (!any_ends(p, units))
		return (struct bw_mono){0};
	return event->scope == BW_SCOPE_TARGET ? bw_mono_add(now_of(p), PATHS_WAIT_NS)
					       : (struct bw_mono){1};
}

void paths_put(struct paths *p, const struct record *record)
{
	struct bw_mono until = waits_until(p, record);
	bool held = (until.ns || p->hold.count) && path_hold_add(&p->hold, record, until) == 0;

	if (!(held && until.ns) && has_path(record) && record->event.scope == BW_SCOPE_TARGET)
		path_targets_told(&p->tracing.targets, record->event.number, record->head.seq,
				  NULL);
	if (!held) {
		drain(p, true);
		p->config.sink.put(p->config.sink.self, record);
	}
	drain(p, false);
}

void paths_flush(struct paths *p)
{
	drain(p, true);
}

bool paths_receive(struct paths *p, const struct bw_rx *rx)
{
	return path_tracing_receive(&p->tracing, rx);
}

void paths_hear(struct paths *p, const struct outcome *error)
{
	path_tracing_hear(&p->tracing, error);
}

void paths_tick(struct paths *p)
{
	path_tracing_tick(&p->tracing);
	drain(p, false);
}

struct bw_mono paths_deadline(const struct paths *p)
{
	struct bw_mono next = path_tracing_deadline(&p->tracing);
	const struct held *held = path_hold_first(&p->hold);

	return held && held->until.ns ? bw_mono_min(next, held->until) : next;
}

static uint32_t count_known(const void *self)
{
	const struct paths *p = self;

	return path_persist_count(&p->tracing.units);
}

static void save_known(const void *self, struct state_writer *writer)
{
	const struct paths *p = self;

	path_persist_save(&p->tracing.units, writer);
}

static void take_known(void *self, const struct state_path *path, struct bw_now now)
{
	struct paths *p = self;
	uint32_t unit = path_persist_take(&p->tracing.units, path, now);

	if (unit != UINT32_MAX)
		path_tracing_restored(&p->tracing, unit);
}

int paths_new(const struct paths_config *config, struct paths **ret_paths, struct bw_err *err)
{
	struct paths *p = calloc(1, sizeof(*p));
	int code;

	if (!p)
		return bw_err_set(err, -ENOMEM, "out of memory");
	p->config = *config;
	p->persist = (struct persist_paths){count_known, save_known, take_known, p};
	code = path_tracing_init(&p->tracing, &config->tracing, err);
	if (code < 0)
		paths_free(p);
	else
		*ret_paths = p;
	return code;
}

const struct persist_paths *paths_persist(const struct paths *p)
{
	return &p->persist;
}

void paths_free(struct paths *p)
{
	if (!p)
		return;
	path_tracing_fini(&p->tracing);
	path_hold_fini(&p->hold);
	free(p);
}
