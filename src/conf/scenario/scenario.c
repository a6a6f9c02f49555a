/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of keys.c read the text. This file does the rest: moments, which depend on the
 * start of the scenario, and values that depend on each other. The parsed text is kept as
 * long as the scenario, so that an error in building the world can name its place.
 */
#include "conf/scenario/scenario.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf/scenario/keys.h"

#define FIELD_MAX 96

/* The scenario comes first: that is how the outside knows it. */
struct reading {
	struct scenario scenario;
	struct pool pool;
	struct document document;
};

static const struct reading *reading_of(const struct scenario *scenario)
{
	return (const struct reading *)(const void *)scenario;
}

int scenario_blame(const struct scenario *scenario, struct bw_err *err, const char *field, ...)
{
	const struct document *document = &reading_of(scenario)->document;
	struct locate_place place;
	char text[FIELD_MAX];
	va_list arguments;

	if (!err)
		return BW_ERR_INTERNAL;
	va_start(arguments, field);
	vsnprintf(text, sizeof(text), field, arguments);
	va_end(arguments);
	place = node_find_place(document, text);
	bw_err_place(err, document->file, place.line, place.column, text);
	return err->code;
}

static int refuse(const struct reading *reading, const char *field, size_t index,
		  const char *member)
{
	return scenario_blame(&reading->scenario, reading->document.err, "%s[%zu].%s", field, index,
			      member);
}

/* The part of TEXT up to its unit's end, parsed; *text moves behind it. */
static int parse_part(const char **text, int64_t *ret_ns, struct bw_err *err)
{
	size_t number = strspn(*text, "0123456789."), unit = strcspn(*text + number, "0123456789");
	char part[48];

	if (number == 0)
		return bw_duration_parse(*text, ret_ns, err); /* to say what is wrong */
	snprintf(part, sizeof(part), "%.*s", (int)(number + unit), *text);
	*text += number + unit;
	return bw_duration_parse(part, ret_ns, err);
}

int scenario_parse_length(const char *text, int64_t *ret_ns, struct bw_err *err)
{
	int64_t sum = 0, part, before = INT64_MAX;
	const char *at = text;

	do {
		int rc = parse_part(&at, &part, err);

		if (rc < 0)
			return rc;
		if (part >= before)
			return bw_err_set(err, BW_ERR_SYNTAX,
					  "'%.40s': the larger unit comes first, as in 2h30m",
					  text);
		before = part ? part : 1;
		sum += part;
	} while (*at);
	*ret_ns = sum;
	return 0;
}

/* A length, or (where MOMENT) a wall time. */
static int parse_time(const struct reading *reading, struct scenario_time *time, bool moment)
{
	struct bw_err *err = reading->document.err;
	struct bw_wall wall;

	time->ns = SCENARIO_NOT_GIVEN;
	if (!time->text)
		return 0;
	if (moment && bw_wall_parse(time->text, &wall) == 0) {
		time->ns = wall.ns - reading->scenario.start.ns;
		if (time->ns < 0)
			return bw_err_set(err, BW_ERR_VALUE, "before the scenario's start");
		return 0;
	}
	if (moment && strchr(time->text, 'T'))
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "'%.40s' is no time; write it as 2014-12-22T16:15:00Z",
				  time->text);
	return scenario_parse_length(time->text, &time->ns, err);
}

struct interval {
	const char *list;
	size_t index;
	struct scenario_time *at, *until, *length;
};

/* Afterwards `until` is known whichever of the two was given. */
static int read_interval(const struct reading *reading, const struct interval *i)
{
	struct bw_err *err = reading->document.err;

	if (parse_time(reading, i->at, true) < 0)
		return refuse(reading, i->list, i->index, "at");
	if (parse_time(reading, i->until, true) < 0)
		return refuse(reading, i->list, i->index, "until");
	if (parse_time(reading, i->length, false) < 0)
		return refuse(reading, i->list, i->index, "for");
	if (i->at->ns >= reading->scenario.duration_ns) {
		bw_err_set(err, BW_ERR_VALUE, "begins when the scenario is over");
		return refuse(reading, i->list, i->index, "at");
	}
	if (i->until->text && i->length->text) {
		bw_err_set(err, BW_ERR_OVERLAP, "give `for` or `until`, not both");
		return refuse(reading, i->list, i->index, "until");
	}
	if (i->length->text)
		i->until->ns = i->at->ns + i->length->ns;
	else if (!i->until->text)
		i->until->ns = reading->scenario.duration_ns + 3600 * BW_S;
	if (i->until->ns <= i->at->ns) {
		bw_err_set(err, BW_ERR_VALUE, "an interval that ends at or before its start");
		return refuse(reading, i->list, i->index, i->until->text ? "until" : "for");
	}
	return 0;
}

static int read_intervals(struct reading *reading)
{
	struct scenario *s = &reading->scenario;
	int rc = 0;

	for (size_t i = 0; i < s->fault_count && rc == 0; i++) {
		struct scenario_fault *f = &s->faults[i];

		rc = read_interval(reading,
				   &(struct interval){"faults", i, &f->at, &f->until, &f->length});
	}
	for (size_t i = 0; i < s->vantage_fault_count && rc == 0; i++) {
		struct scenario_vantage_fault *t = &s->vantage_faults[i];

		rc = read_interval(reading, &(struct interval){"vantage_faults", i, &t->at,
							       &t->until, &t->length});
	}
	for (size_t i = 0; i < s->route_change_count && rc == 0; i++) {
		struct scenario_route_change *c = &s->route_changes[i];

		rc = read_interval(reading, &(struct interval){"route_changes", i, &c->at,
							       &c->until, &c->length});
	}
	for (size_t i = 0; i < s->spoofer_count && rc == 0; i++) {
		struct scenario_spoofer *p = &s->spoofers[i];

		rc = read_interval(reading, &(struct interval){"spoofers", i, &p->at, &p->until,
							       &p->length});
	}
	for (size_t i = 0; i < s->move_count && rc == 0; i++) {
		struct scenario_move *m = &s->moves[i];

		rc = read_interval(reading,
				   &(struct interval){"moves", i, &m->at, &m->until, &m->length});
	}
	return rc;
}

/* Whether an expectation has the key `times`, which is 0 without it, too. */
static bool has_times(const struct reading *reading, size_t index)
{
	const struct node root = node_root(&reading->document);
	const struct node list = node_member(&root, "expect");
	const struct node expect = node_element(&list, index);
	const struct node times = node_member(&expect, "times");

	return node_exists(&times);
}

static int read_expect(const struct reading *reading, size_t index, struct scenario_expect *expect)
{
	struct bw_err *err = reading->document.err;
	const struct scenario_texts *between = &expect->between;

	expect->after = expect->before = (struct scenario_time){NULL, SCENARIO_NOT_GIVEN};
	if (between->count != 0 && between->count != 2) {
		bw_err_set(err, BW_ERR_VALUE, "must be two moments: from when, until when");
		return refuse(reading, "expect", index, "between");
	}
	if (between->count == 2) {
		expect->after.text = between->list[0].text;
		expect->before.text = between->list[1].text;
	}
	if (parse_time(reading, &expect->after, true) < 0 ||
	    parse_time(reading, &expect->before, true) < 0)
		return refuse(reading, "expect", index, "between");
	if (between->count == 2 && expect->after.ns >= expect->before.ns) {
		bw_err_set(err, BW_ERR_VALUE, "an interval that ends at or before its start");
		return refuse(reading, "expect", index, "between");
	}
	if (parse_time(reading, &expect->duration, false) < 0)
		return refuse(reading, "expect", index, "duration");
	if (parse_time(reading, &expect->within, false) < 0)
		return refuse(reading, "expect", index, "within");
	if (expect->times == 0 && has_times(reading, index))
		expect->never = true;
	if (expect->never && expect->times) {
		bw_err_set(err, BW_ERR_OVERLAP, "never, or so many times: not both");
		return refuse(reading, "expect", index, "times");
	}
	return 0;
}

static int read_times(struct reading *reading)
{
	struct scenario *s = &reading->scenario;
	struct bw_err *err = reading->document.err;
	int rc;

	if (bw_wall_parse(s->start_text, &s->start) < 0) {
		bw_err_set(err, BW_ERR_SYNTAX, "'%.40s' is no time; write it as %s", s->start_text,
			   "2014-12-22T16:15:00Z");
		return scenario_blame(s, err, "start");
	}
	rc = scenario_parse_length(s->duration_text, &s->duration_ns, err);
	if (rc == 0 && (s->duration_ns < BW_S || s->duration_ns > 366 * 86400 * BW_S))
		rc = bw_err_set(err, BW_ERR_VALUE, "'%.40s' is out of range: 1 s to 366 d",
				s->duration_text);
	if (rc < 0)
		return scenario_blame(s, err, "duration");
	rc = read_intervals(reading);
	for (size_t i = 0; i < s->expect_count && rc == 0; i++)
		rc = read_expect(reading, i, &s->expect[i]);
	return rc;
}

static int refuse_target(const struct reading *reading, size_t index, const char *member,
			 const char *message)
{
	bw_err_set(reading->document.err, BW_ERR_VALUE, "%s", message);
	return refuse(reading, "targets", index, member);
}

/* A target has a file, or a name and networks. */
static int check_targets(const struct reading *reading)
{
	const struct scenario *s = &reading->scenario;

	for (size_t i = 0; i < s->target_count; i++) {
		const struct scenario_target *target = &s->targets[i];

		if (!target->file && !target->name)
			return refuse_target(reading, i, "name",
					     "missing: a file, or a name and networks");
		if (!target->file && target->network_count == 0)
			return refuse_target(reading, i, "networks",
					     "missing: a target without a file lists networks");
		if (target->file && target->network_count > 0)
			return refuse_target(reading, i, "networks",
					     "the file has them: leave one of the two out");
		if (target->file && target->copies > 1)
			return refuse_target(reading, i, "copies", "only for targets without file");
	}
	return 0;
}

static int read_all(struct reading *reading, const char *bytes, size_t length)
{
	struct scenario *s = &reading->scenario;
	int rc = document_parse(&reading->document, &keys_form, bytes, length);
	struct node root;

	if (rc < 0)
		return rc;
	root = node_root(&reading->document);
	rc = keys_init(&scenario_group, s, &reading->pool);
	if (rc == 0)
		rc = keys_read(&scenario_group, &root, s, &reading->pool);
	if (rc == 0)
		rc = keys_finish(&scenario_group, &root, s, &reading->pool);
	if (rc == 0)
		rc = read_times(reading);
	return rc == 0 ? check_targets(reading) : rc;
}

static void free_reading(struct reading *reading)
{
	document_fini(&reading->document);
	pool_fini(&reading->pool);
	free(reading);
}

int scenario_parse(const char *bytes, size_t length, const char *file,
		   const struct scenario **ret_scenario, struct bw_err *err)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	struct bw_err own;
	int rc;

	if (!reading)
		return bw_err_set(err, -ENOMEM, "out of memory");
	reading->document.err = err ? err : &own;
	reading->document.file = pool_text(&reading->pool, file);
	rc = reading->document.file ? read_all(reading, bytes, length)
				    : bw_err_set(err, -ENOMEM, "out of memory");
	reading->document.err = NULL;
	if (rc < 0) {
		free_reading(reading);
		return rc;
	}
	*ret_scenario = &reading->scenario;
	return 0;
}

void scenario_free(const struct scenario *scenario)
{
	if (scenario)
		free_reading((struct reading *)(void *)scenario);
}
