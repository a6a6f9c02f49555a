/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_targets.h"

#include <errno.h>
#include <stdlib.h>

static uint32_t count_of(const struct path_targets *t)
{
	return t->units->ledger->config.roster->target_count;
}

static struct bw_mono now_of(const struct path_targets *t)
{
	return t->units->ledger->now.mono;
}

int path_targets_init(struct path_targets *t, const struct path_units *units,
		      const struct path_plan *plan)
{
	*t = (struct path_targets){.units = units, .plan = plan, .close_at = BW_NEVER};
	t->list = calloc(count_of(t) + 1, sizeof(*t->list));
	return t->list ? 0 : -ENOMEM;
}

void path_targets_fini(struct path_targets *t)
{
	free(t->list);
	t->list = NULL;
}

void path_targets_told(struct path_targets *t, uint32_t target, uint64_t event,
		       const struct record_path *path)
{
	struct path_target *one = &t->list[target];

	one->event = event;
	one->shared = one->told = path ? path->shared : 0;
	one->found = 0;
	one->closing = false;
}

/* Whether SHARED networks are many more than the event has told, and than were told last. */
static bool is_news(const struct path_target *one, uint32_t shared)
{
	return path_summary_has_grown(one->shared, shared) &&
	       (one->closing ? shared > one->told : path_summary_has_grown(one->told, shared));
}

static const struct record_path *tell(struct path_targets *t, uint32_t target)
{
	return path_tell(t->units, t->plan, BW_SCOPE_TARGET, target, "", &t->words);
}

/* The target is looked at when no trace has come in for a while. */
static void close_later(struct path_targets *t, uint32_t target)
{
	struct path_target *one = &t->list[target];

	one->closes_at = bw_mono_add(now_of(t), PATH_TARGETS_QUIET_NS);
	if (one->closed.ns)
		one->closes_at = bw_mono_max(one->closes_at,
					     bw_mono_add(one->closed, PATH_TARGETS_AGAIN_NS));
	t->close_at = bw_mono_min(t->close_at, one->closes_at);
}

const struct record_path *path_targets_found(struct path_targets *t, uint32_t target, bool is_taken)
{
	struct path_target *one = &t->list[target];
	const struct record_path *path;
	bool news;

	one->found++;
	if (!one->event || t->units->ledger->sums.targets[target].verdict == BW_UP)
		return NULL;
	close_later(t, target);
	if (is_taken)
		return NULL;
	if (!one->closing && !path_summary_has_grown(one->told, one->told + one->found))
		return NULL;
	path = tell(t, target);
	news = path && is_news(one, path->shared);
	one->found = 0;
	one->closing = false;
	if (!news)
		return NULL;
	one->told = path->shared;
	return path;
}

/* A unit that shows once more where most paths of a target end; UINT32_MAX: nothing is new. */
static uint32_t find_last(struct path_targets *t, uint32_t target)
{
	struct path_target *one = &t->list[target];
	const struct record_path *path = tell(t, target);

	one->closing = true;
	one->closing = path && is_news(one, path->shared);
	if (!one->closing)
		return UINT32_MAX;
	one->closed = now_of(t);
	return path_tell_example(t->units, target, &path->last);
}

/* The first target that is due; if none is, it is set when one will be. UINT32_MAX: none. */
static uint32_t find_due(struct path_targets *t)
{
	struct bw_mono next = BW_NEVER;

	for (uint32_t target = 0; target < count_of(t); target++) {
		struct bw_mono at = t->list[target].closes_at;

		if (at.ns == 0)
			continue;
		if (!bw_mono_before(now_of(t), at))
			return target;
		next = bw_mono_min(next, at);
	}
	t->close_at = next;
	return UINT32_MAX;
}

bool path_targets_close(struct path_targets *t, uint32_t *ret_unit)
{
	uint32_t target;

	if (bw_mono_before(now_of(t), t->close_at))
		return false;
	target = find_due(t);
	if (target == UINT32_MAX)
		return false;
	t->list[target].closes_at = (struct bw_mono){0};
	*ret_unit = UINT32_MAX;
	if (t->list[target].sought > 0)
		close_later(t, target);
	else
		*ret_unit = find_last(t, target);
	return true;
}
