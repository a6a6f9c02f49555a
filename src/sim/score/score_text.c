/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/score/score_text.h"

#include <inttypes.h>

static const char *const bin_names[SCORE_BINS] = {"below 90 %", "90 % to 99 %", "99 % to 99.9 %",
						  "99.9 % to 99.99 %", "99.99 % and more"};

static double share(uint64_t part, uint64_t all)
{
	return all ? 100 * (double)part / (double)all : 0;
}

static void print_numbers(const char *what, const struct score_numbers *n, FILE *out)
{
	if (n->count)
		fprintf(out,
			"  %-22s mean %.1f s, median %.1f s, p95 %.1f s, most %.1f s (%" PRIu64
			")\n",
			what, n->mean, n->median, n->p95, n->most, n->count);
}

static void print_inside(const char *what, uint64_t inside, uint64_t all, FILE *out)
{
	if (all)
		fprintf(out, "  %-22s %" PRIu64 " of %" PRIu64 " (%.2f %%)\n", what, inside, all,
			share(inside, all));
}

static void print_bins(const char *what, const struct score_bin bins[SCORE_BINS], FILE *out)
{
	bool any = false;

	for (unsigned i = 0; i < SCORE_BINS; i++)
		any |= bins[i].said > 0;
	if (any)
		fprintf(out, "  %s\n", what);
	for (unsigned i = 0; i < SCORE_BINS; i++)
		if (bins[i].said)
			fprintf(out,
				"    %-20s %9" PRIu64 " said, right %.3f %% (stated %.3f %%)\n",
				bin_names[i], bins[i].said, share(bins[i].right, bins[i].said),
				100 * bins[i].stated);
}

static void print_part(const char *what, const struct score_part *p, FILE *out)
{
	if (p->subjects == 0)
		return;
	fprintf(out, "%s (%" PRIu64 ")\n", what, p->subjects);
	fprintf(out,
		"  outages                %" PRIu64 ": %" PRIu64 " seen, %" PRIu64
		" missed, %" PRIu64 " as flapping, %" PRIu64 " blind; %" PRIu64 " brief\n",
		p->outages, p->seen, p->missed, p->flapped, p->blind, p->brief);
	fprintf(out,
		"  said to be dark        %" PRIu64 ": %" PRIu64 " false, %" PRIu64
		" withdrawn; over too early: %" PRIu64 "\n",
		p->said, p->wrong, p->withdrawn, p->relapses);
	print_numbers("time to detect", &p->detect, out);
	print_numbers("time to see recovery", &p->recover, out);
	print_numbers("error of the start", &p->start_error, out);
	print_numbers("error of the end", &p->end_error, out);
	print_numbers("error of the length", &p->duration_error, out);
	print_inside("starts within bounds", p->starts_inside, p->starts, out);
	print_inside("ends within bounds", p->ends_inside, p->ends, out);
	print_inside("lengths within bounds", p->durations_inside, p->durations, out);
	print_bins("confidence of events", p->confidence, out);
}

void score_text_print(const struct score_sum *sum, FILE *out)
{
	print_part("blocks", &sum->parts[BW_SCOPE_BLOCK], out);
	print_part("networks", &sum->parts[BW_SCOPE_NETWORK], out);
	print_part("targets", &sum->parts[BW_SCOPE_TARGET], out);
	if (sum->traced)
		fprintf(out,
			"paths\n  ends of paths          %" PRIu64 " told in %" PRIu64
			" events, %" PRIu64 " wrong\n",
			sum->paths.told, sum->paths.events, sum->paths.wrong);
	fprintf(out, "all\n");
	fprintf(out, "  probes                 %" PRIu64 ": %.2f an hour and block, %.2f up\n",
		sum->probes, sum->hours > 0 ? (double)sum->probes / sum->hours : 0,
		sum->up_hours > 0 ? (double)sum->up_probes / sum->up_hours : 0);
	fprintf(out, "  false outages          %.5f a block and day\n", sum->false_per_day);
	print_bins("belief in block records", sum->belief, out);
	fprintf(out, "  events, all records    %" PRIu64 ", %" PRIu64 "\n", sum->events,
		sum->records);
	fprintf(out, "  decision to record     %.3f s at most (virtual time)\n",
		sum->publication_s);
}

static unsigned check_time(const char *what, double got, int64_t limit_ns, FILE *out)
{
	if (!limit_ns || got <= (double)limit_ns / (double)BW_S)
		return 0;
	fprintf(out, "score: %s is %.1f s, the limit is %.1f s\n", what, got,
		(double)limit_ns / (double)BW_S);
	return 1;
}

static unsigned check_count(const char *what, uint64_t got, uint64_t limit, FILE *out)
{
	if (got <= limit)
		return 0;
	fprintf(out, "score: %s: %" PRIu64 ", the limit is %" PRIu64 "\n", what, got, limit);
	return 1;
}

static unsigned check_inside(const struct score_part *p, double limit, FILE *out)
{
	uint64_t all = p->starts + p->ends, inside = p->starts_inside + p->ends_inside;

	if (!all || share(inside, all) >= 100 * limit)
		return 0;
	fprintf(out, "score: %.2f %% of starts and ends within bounds, the limit is %.2f %%\n",
		share(inside, all), 100 * limit);
	return 1;
}

unsigned score_text_check(const struct score_sum *sum, const struct scenario_limits *limits,
			  FILE *out)
{
	const struct score_part *p = &sum->parts[BW_SCOPE_BLOCK];
	double probes = sum->up_hours > 0 ? (double)sum->up_probes / sum->up_hours : 0;
	unsigned broken = 0;

	broken += check_count("missed outages", p->missed, limits->missed, out);
	broken += check_count("false outages", p->wrong, limits->falsely, out);
	broken += check_count("false outages of targets", sum->parts[BW_SCOPE_TARGET].wrong,
			      limits->falsely, out);
	broken += check_count("wrong ends of paths", sum->paths.wrong, limits->wrong_paths, out);
	broken += check_time("the median time to detect", p->detect.median, limits->detect_ns, out);
	broken +=
		check_time("p95 of the time to detect", p->detect.p95, limits->detect_p95_ns, out);
	broken += check_time("the median time to see recovery", p->recover.median,
			     limits->recover_ns, out);
	broken += check_time("p95 of the time to see recovery", p->recover.p95,
			     limits->recover_p95_ns, out);
	broken += check_inside(p, limits->inside, out);
	if (limits->probes_per_hour > 0 && probes > limits->probes_per_hour) {
		fprintf(out, "score: %.2f probes an hour and block, the limit is %.2f\n", probes,
			limits->probes_per_hour);
		broken++;
	}
	return broken;
}
