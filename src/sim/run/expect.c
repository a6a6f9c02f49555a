/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/run/expect.h"

#include "sim/scenario/labels.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How often one expectation was met, and when for the first time. */
struct state {
	uint64_t met;
	struct bw_wall first;
};

struct expect {
	const struct scenario *scenario;
	struct state *states;
};

struct expect *expect_new(const struct scenario *scenario)
{
	struct expect *expect = calloc(1, sizeof(*expect));

	if (!expect)
		return NULL;
	expect->scenario = scenario;
	expect->states = calloc(scenario->expect_count + 1, sizeof(*expect->states));
	if (!expect->states) {
		free(expect);
		return NULL;
	}
	return expect;
}

void expect_free(struct expect *expect)
{
	if (!expect)
		return;
	free(expect->states);
	free(expect);
}

static bool is_within(const struct scenario_expect *want, struct bw_mono now)
{
	return (want->after.ns == SCENARIO_NOT_GIVEN || now.ns >= want->after.ns) &&
	       (want->before.ns == SCENARIO_NOT_GIVEN || now.ns < want->before.ns);
}

/* WANTED is 1 + a value, or 0 for any. */
static bool suits(unsigned wanted, unsigned value)
{
	return wanted == 0 || wanted == value + 1;
}

static bool is_subject(const struct scenario_expect *want, const char *subject)
{
	return !want->subject || strcmp(want->subject, subject) == 0;
}

static bool suits_duration(const struct scenario_expect *want, const struct record_event *event)
{
	int64_t within = want->within.ns, error;

	if (want->duration.ns == SCENARIO_NOT_GIVEN)
		return true;
	if (!event->has_outage)
		return false;
	if (within == SCENARIO_NOT_GIVEN)
		within = event->outage_uncertainty_ns;
	error = event->outage_end.ns - event->outage_start.ns - want->duration.ns;
	return error <= within && -error <= within;
}

/* Whether PREFIX is among the exempt networks of a path. */
static bool is_exempt(const struct record_path *path, const char *text)
{
	struct bw_prefix prefix;

	if (bw_prefix_parse(text, &prefix, NULL) < 0)
		return false;
	for (uint32_t i = 0; i < path->exempt_count; i++)
		if (bw_prefix_compare(&path->exempt[i], &prefix) == 0)
			return true;
	return false;
}

static bool wants_path(const struct scenario_path *want)
{
	return want->kind || want->last || want->next || want->shared || want->exempt.count ||
	       want->text;
}

static bool meets_path(const struct scenario *scenario, const struct scenario_path *want,
		       const struct record_path *path)
{
	if (!wants_path(want))
		return true;
	if (!path || !suits(want->kind, path->kind) ||
	    (want->last && !labels_is_router(scenario, want->last, &path->last.from)) ||
	    (want->next && !labels_is_router(scenario, want->next, &path->next.from)) ||
	    (want->shared && want->shared != path->shared) ||
	    (want->text && !strstr(path->text, want->text)))
		return false;
	for (size_t i = 0; i < want->exempt.count; i++)
		if (!is_exempt(path, want->exempt.list[i].text))
			return false;
	return true;
}

static bool meets_event(const struct scenario_expect *want, const struct record_event *event)
{
	return suits(want->scope, event->scope) && suits(want->from, event->from) &&
	       suits(want->to, event->to) && suits(want->onset, event->onset) &&
	       is_subject(want, event->subject) && want->withdrawn == (event->withdraws != 0) &&
	       suits_duration(want, event);
}

static bool meets_block(const struct scenario_expect *want, const struct record_block *block)
{
	char text[BW_PREFIX_TEXT];

	return suits(want->verdict, block->verdict) &&
	       is_subject(want, bw_prefix_format(&block->block, text)) &&
	       (want->conditions & ~block->conditions) == 0 &&
	       (want->reasons & ~block->reasons) == 0;
}

static bool meets_target(const struct scenario_expect *want, const struct record_target *target)
{
	return suits(want->verdict, target->verdict) && is_subject(want, target->target) &&
	       (want->dark == 0 || want->dark == target->networks.of[BW_DARK]);
}

static bool meets_trace(const struct scenario *scenario, const struct scenario_expect *want,
			const struct record_trace *trace)
{
	return is_subject(want, trace->target) && meets_path(scenario, &want->path, trace->path);
}

static bool meets_condition(const struct scenario_expect *want,
			    const struct record_condition *condition)
{
	return suits(want->scope, condition->scope) && suits(want->range, condition->condition) &&
	       is_subject(want, condition->subject) && want->over == (condition->until.ns != 0);
}

static bool meets(const struct scenario *scenario, const struct scenario_expect *want,
		  const struct record *record)
{
	switch ((enum scenario_expect_type)want->type) {
	case SCENARIO_EXPECT_EVENT:
		return record->type == RECORD_EVENT && meets_event(want, &record->event) &&
		       meets_path(scenario, &want->path, record->event.path);
	case SCENARIO_EXPECT_BLOCK:
		return record->type == RECORD_BLOCK && meets_block(want, &record->block);
	case SCENARIO_EXPECT_TARGET:
		return record->type == RECORD_TARGET && meets_target(want, &record->target);
	case SCENARIO_EXPECT_VANTAGE:
		return record->type == RECORD_VANTAGE &&
		       (!want->unhealthy || !record->vantage.healthy) &&
		       (want->reasons & ~record->vantage.reasons) == 0;
	case SCENARIO_EXPECT_TRACE:
		return record->type == RECORD_TRACE && meets_trace(scenario, want, &record->trace);
	case SCENARIO_EXPECT_CONDITION:
		return record->type == RECORD_CONDITION &&
		       meets_condition(want, &record->condition);
	}
	return false;
}

void expect_record(struct expect *expect, const struct record *record, struct bw_mono now)
{
	for (size_t i = 0; i < expect->scenario->expect_count; i++) {
		const struct scenario_expect *want = &expect->scenario->expect[i];
		struct state *state = &expect->states[i];

		if (!is_within(want, now) || !meets(expect->scenario, want, record))
			continue;
		if (state->met++ == 0)
			state->first = record->head.time;
	}
}

static void say_path(const struct scenario_path *want, FILE *out)
{
	if (want->kind)
		fprintf(out, ", a path of kind %s", path_kind_name(want->kind - 1));
	if (want->last)
		fprintf(out, ", a path that ends behind %s", want->last);
	if (want->next)
		fprintf(out, ", before %s", want->next);
	if (want->shared)
		fprintf(out, ", of %" PRIu64 " networks", want->shared);
	for (size_t i = 0; i < want->exempt.count; i++)
		fprintf(out, ", not that to %s", want->exempt.list[i].text);
	if (want->text)
		fprintf(out, ", said as '%s'", want->text);
}

static void say_wanted(const struct scenario_expect *want, FILE *out)
{
	static const char *const types[] = {"event", "block record", "target record",
					    "vantage record", "trace record", "condition record"};

	fprintf(out, "%s", types[want->type - 1]);
	if (want->subject)
		fprintf(out, " of %s", want->subject);
	if (want->from)
		fprintf(out, " from %s", bw_verdict_name((enum bw_verdict)(want->from - 1)));
	if (want->to)
		fprintf(out, " to %s", bw_verdict_name((enum bw_verdict)(want->to - 1)));
	if (want->verdict)
		fprintf(out, " with verdict %s",
			bw_verdict_name((enum bw_verdict)(want->verdict - 1)));
	for (unsigned c = 0; c < BW_CONDITIONS; c++)
		if (want->conditions >> c & 1)
			fprintf(out, ", %s", bw_condition_name(c));
	for (unsigned r = 0; r < BW_REASONS; r++)
		if (want->reasons >> r & 1)
			fprintf(out, ", %s", bw_reason_name(r));
	if (want->onset)
		fprintf(out, ", onset %s", bw_onset_name((enum bw_onset)(want->onset - 1)));
	if (want->dark)
		fprintf(out, ", %" PRIu64 " networks dark", want->dark);
	if (want->range)
		fprintf(out, ", %s", bw_range_name((enum bw_range)(want->range - 1)));
	if (want->over)
		fprintf(out, ", over");
	if (want->withdrawn)
		fprintf(out, ", a withdrawal");
	if (want->unhealthy)
		fprintf(out, ", not healthy");
	if (want->duration.text)
		fprintf(out, ", an outage of %s", want->duration.text);
	if (want->within.text)
		fprintf(out, " within %s", want->within.text);
	say_path(&want->path, out);
	if (want->after.text)
		fprintf(out, ", from %s to %s", want->after.text, want->before.text);
}

static bool is_met(const struct scenario_expect *want, uint64_t met)
{
	if (want->never)
		return met == 0;
	return want->times ? met == want->times : met > 0;
}

unsigned expect_finish(const struct expect *expect, FILE *out)
{
	unsigned failed = 0;

	for (size_t i = 0; i < expect->scenario->expect_count; i++) {
		const struct scenario_expect *want = &expect->scenario->expect[i];
		const struct state *state = &expect->states[i];
		char time[BW_WALL_TEXT];

		if (is_met(want, state->met))
			continue;
		failed++;
		fprintf(out, "%s:%d: expect[%zu]: ", want->place.file, want->place.line, i);
		if (want->never)
			fprintf(out, "never ");
		else if (want->times)
			fprintf(out, "%" PRIu64 " times ", want->times);
		say_wanted(want, out);
		if (state->met)
			fprintf(out, ": came %" PRIu64 " times, first at %s\n", state->met,
				bw_wall_format(state->first, time));
		else
			fprintf(out, ": did not come\n");
	}
	return failed;
}
