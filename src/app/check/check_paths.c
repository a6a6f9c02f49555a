/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check/check_paths.h"

#include <string.h>

#include "app/common/log.h"

void check_paths_init(struct check_paths *paths, const struct check_run_config *config,
		      const struct bw_transport *transport)
{
	*paths = (struct check_paths){.config = config, .transport = transport};
}

void check_paths_end(struct check_paths *paths)
{
	path_check_free(paths->check);
	paths->check = NULL;
}

void check_paths_begin(struct check_paths *paths, struct ledger *ledger, struct bw_now now)
{
	const struct session *session = paths->config->session;
	const struct path_tracing_config tracing = {
		.ledger = ledger,
		.transport = paths->transport,
		.egress = session->egress.list,
		.plan = &paths->plan,
		.egress_count = session->egress.count,
		.rate_pps = paths->config->options->rate_pps,
	};
	struct bw_err err;

	paths->until = bw_mono_add(now.mono, CHECK_TRACE_NS);
	if (paths->config->traces && path_check_new(&tracing, &paths->check, &err) < 0)
		log_warn("the paths are not traced: %s", err.message);
}

bool check_paths_are_traced(const struct check_paths *paths)
{
	return paths->check != NULL;
}

void check_paths_receive(struct check_paths *paths, const struct bw_rx *rx)
{
	path_check_receive(paths->check, rx);
}

struct bw_mono check_paths_step(struct check_paths *paths, struct bw_now now)
{
	if (!paths->check || !bw_mono_before(now.mono, paths->until))
		return BW_NEVER;
	path_check_tick(paths->check, now.mono);
	if (path_check_is_done(paths->check))
		return BW_NEVER;
	return bw_mono_min(paths->until, path_check_deadline(paths->check, now.mono));
}

/* The number of a target of the session. */
static uint32_t number_of(const struct check_paths *paths, const char *target)
{
	const struct roster *roster = &paths->config->session->roster;
	uint32_t number = 0;

	while (number < roster->target_count &&
	       strcmp(roster->targets[number].target->name, target) != 0)
		number++;
	return number;
}

void check_paths_put(struct check_paths *paths, const struct record *record,
		     const struct record_sink *sink)
{
	struct record copy = *record;
	uint32_t number;

	if (record->type == RECORD_TARGET && paths->check) {
		number = number_of(paths, record->target.target);
		if (number < paths->config->session->roster.target_count)
			copy.target.path = path_check_tell(paths->check, number);
	}
	sink->put(sink->self, &copy);
}
