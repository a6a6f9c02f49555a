/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two passes over one scope. The first goes through what was stated: each dark span looks
 * for the true outage that it is about. A span without one is false. With one, its bounds
 * are compared with it. The second goes through the truth: each outage looks for a span that
 * saw it.
 */
#include "sim/score/match.h"

#include <errno.h>

#define LEAST_BESIDE_NS (60 * BW_S)

struct match {
	const struct match_input *input;
	struct score_part part;
	struct sample detect, recover, start_error, end_error, duration_error;
};

static bool next_outage(const struct match_input *input, const struct subject *subject,
			int64_t from_ns, struct sim_interval *ret_outage)
{
	return sim_world_joint_outage(input->simulation->world, subject->first, subject->count,
				      (struct bw_mono){from_ns}, ret_outage);
}

static double seconds(int64_t ns)
{
	return (double)ns / (double)BW_S;
}

/* Shorter outages can fall between two rounds. */
static int64_t least_length(const struct simulation *simulation)
{
	int64_t round = simulation->scenario->vantage.round_ns;

	for (size_t t = 0; t < simulation->scenario->target_count; t++)
		if (simulation->scenario->targets[t].round_ns > round)
			round = simulation->scenario->targets[t].round_ns;
	return 2 * round + LEAST_BESIDE_NS;
}

/* Finds the outage that a span is about: the first that ends after its earliest start. */
static bool find_truth(const struct match *m, const struct span *span,
		       struct sim_interval *ret_outage)
{
	const struct subject *subject = &m->input->subjects[span->subject];
	int64_t reach = span->start.earliest == INT64_MIN ? span->from : span->start.earliest;

	return next_outage(m->input, subject, reach - 1, ret_outage) &&
	       ret_outage->start.ns <= span->from;
}

/* Finds the outage whose end a span states: the last that began before that decision. */
static bool find_end(const struct match *m, const struct span *span, struct sim_interval first,
		     struct sim_interval *ret_outage)
{
	const struct subject *subject = &m->input->subjects[span->subject];

	*ret_outage = first;
	while (next_outage(m->input, subject, ret_outage->end.ns, &first) &&
	       first.start.ns < span->to)
		*ret_outage = first;
	return ret_outage->end.ns <= span->to;
}

static bool is_inside(const struct bounds *bounds, int64_t at)
{
	return bounds->earliest <= at && at <= bounds->latest;
}

/* The distance from the best guess, which is the middle of the bounds, in seconds. */
static double error_of(const struct bounds *bounds, int64_t at)
{
	double guess = bounds->earliest == INT64_MIN
			       ? (double)bounds->latest
			       : ((double)bounds->earliest + (double)bounds->latest) / 2;
	double error = (guess - (double)at) / (double)BW_S;

	return error < 0 ? -error : error;
}

static void check_start(struct match *m, const struct span *span, int64_t start)
{
	if (span->start.earliest == INT64_MIN)
		return;
	m->part.starts++;
	m->part.starts_inside += is_inside(&span->start, start);
	sample_add(&m->start_error, error_of(&span->start, start));
}

static void check_duration(struct match *m, const struct span *span, struct sim_interval outage)
{
	int64_t stated = span->outage_end - span->outage_start;
	int64_t error = stated - (outage.end.ns - outage.start.ns);

	if (!span->outage_end)
		return;
	error = error < 0 ? -error : error;
	m->part.durations++;
	m->part.durations_inside += error <= span->uncertainty;
	sample_add(&m->duration_error, seconds(error));
}

static void check_end(struct match *m, const struct span *span, struct sim_interval first)
{
	struct sim_interval last;
	bool right = find_end(m, span, first, &last);

	sample_bin_add(m->part.confidence, span->end_confidence, right);
	if (!right) {
		m->part.relapses++;
		return;
	}
	m->part.ends++;
	m->part.ends_inside += is_inside(&span->end, last.end.ns);
	sample_add(&m->end_error, error_of(&span->end, last.end.ns));
	if (span->after == BW_UP || span->after == BW_PARTLY_DARK)
		sample_add(&m->recover, seconds(span->to - last.end.ns));
	if (last.start.ns == first.start.ns)
		check_duration(m, span, first);
}

static void check_span(struct match *m, const struct span *span)
{
	struct sim_interval outage;
	bool right;

	m->part.said++;
	if (span->withdrawn) {
		m->part.withdrawn++;
		return;
	}
	right = find_truth(m, span, &outage);
	sample_bin_add(m->part.confidence, span->confidence, right);
	if (!right) {
		m->part.wrong++;
		return;
	}
	check_start(m, span, outage.start.ns);
	if (span->over && span->after != BW_UNKNOWN)
		check_end(m, span, outage);
}

/* What was stated during an outage. */
struct meeting {
	bool flapped;
	int64_t dark_at; /* when dark was decided; INT64_MAX: never */
	int64_t unknown_ns;
};

static void meet(const struct match *m, const struct span *span, struct sim_interval outage,
		 struct meeting *meeting)
{
	int64_t from = span->from > outage.start.ns ? span->from : outage.start.ns;
	int64_t to = span->to < outage.end.ns ? span->to : outage.end.ns;
	struct sim_interval own;

	switch ((enum bw_verdict)span->verdict) {
	case BW_DARK:
		if (!span->withdrawn && find_truth(m, span, &own) &&
		    own.start.ns <= outage.end.ns && span->to > outage.start.ns &&
		    (span->from < outage.end.ns || own.start.ns == outage.start.ns) &&
		    span->from < meeting->dark_at)
			meeting->dark_at = span->from;
		break;
	case BW_FLAPPING:
		meeting->flapped |= from < to;
		break;
	case BW_UNKNOWN:
		meeting->unknown_ns += to > from ? to - from : 0;
		break;
	case BW_PARTLY_DARK:
	case BW_UP:
		break;
	}
}

static void count_outage(struct match *m, uint32_t subject, struct sim_interval outage,
			 const struct meeting *meeting)
{
	int64_t end = outage.end.ns < m->input->end ? outage.end.ns : m->input->end;

	m->part.outages++;
	if (meeting->dark_at != INT64_MAX) {
		int64_t late = meeting->dark_at - outage.start.ns;

		m->part.seen++;
		sample_add(&m->detect, seconds(late > 0 ? late : 0));
	} else if (meeting->flapped) {
		m->part.flapped++;
	} else if (m->input->subjects[subject].known > end) {
		m->part.blind++; /* silent from the start: nothing was ever known of it */
	} else if (meeting->unknown_ns >= (end - outage.start.ns) / 2) {
		m->part.blind++;
	} else {
		m->part.missed++;
	}
}

/* Compares one subject; list[0..count) has its spans, by time. */
static void check_subject(struct match *m, uint32_t subject, const struct span *list, size_t count)
{
	int64_t least = least_length(m->input->simulation), at = m->input->settle;
	struct sim_interval outage;

	for (size_t i = 0; i < count; i++)
		if (list[i].verdict == BW_DARK && list[i].from >= m->input->settle)
			check_span(m, &list[i]);
	while (next_outage(m->input, &m->input->subjects[subject], at, &outage) &&
	       outage.start.ns < m->input->end) {
		struct meeting meeting = {.dark_at = INT64_MAX};

		at = outage.end.ns;
		if (outage.start.ns < m->input->settle)
			continue;
		if (outage.end.ns - outage.start.ns < least ||
		    m->input->end - outage.start.ns < least) {
			m->part.brief++;
			continue;
		}
		for (size_t i = 0; i < count; i++)
			meet(m, &list[i], outage, &meeting);
		count_outage(m, subject, outage, &meeting);
	}
}

static void check_all(struct match *m, enum bw_scope scope)
{
	const struct spans *spans = m->input->spans;
	size_t from = 0;

	for (uint32_t s = 0; s < m->input->subject_count; s++) {
		const struct subject *subject = &m->input->subjects[s];
		size_t to = from;

		while (to < spans->count && spans->list[to].subject == s)
			to++;
		if (subject->scope == scope && subject->count > 0) {
			m->part.subjects++;
			check_subject(m, s, spans->list + from, to - from);
		}
		from = to;
	}
}

int match_scope(const struct match_input *input, enum bw_scope scope, struct score_part *ret_part)
{
	struct match m = {.input = input};
	struct {
		struct sample *sample;
		struct score_numbers *numbers;
	} pairs[] = {{&m.detect, &m.part.detect},
		     {&m.recover, &m.part.recover},
		     {&m.start_error, &m.part.start_error},
		     {&m.end_error, &m.part.end_error},
		     {&m.duration_error, &m.part.duration_error}};
	bool failed = false;

	check_all(&m, scope);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		failed |= pairs[i].sample->failed;
		*pairs[i].numbers = sample_numbers(pairs[i].sample);
		sample_fini(pairs[i].sample);
	}
	*ret_part = m.part;
	return failed ? -ENOMEM : 0;
}
