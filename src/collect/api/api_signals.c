/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_signals.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/api/api_page.h"
#include "collect/api/api_signal_sums.h"
#include "collect/api/api_time.h"

#define PREFIX "/v1/signals/"
#define DEFAULT_NS (86400 * BW_S)
#define NATIVE_STEP_S 60
#define POINTS_MAX 10000
#define CODE_MAX 255

/* What is asked for. */
struct ask {
	const char *type; /* "country" */
	char code[CODE_MAX + 1];
	enum bw_scope scope;
	struct bw_prefix prefix; /* of a network or block */
};

/* Time in which blocks were in a state, a bucket; in nanoseconds. */
struct bucket {
	double up, known;
};

struct signals {
	const struct board *board;
	const struct ask *ask;
	const char *title;
	int64_t from_ns, until_ns, step_ns;
	uint32_t count, blocks;
	struct bucket *buckets;
};

static bool is_type(const char *path, const char *type, const char **ret_code)
{
	const size_t length = strlen(type);

	if (strncmp(path, type, length) != 0 || path[length] != '/')
		return false;
	*ret_code = path + length + 1;
	return true;
}

/* A country is the target that has its code as name. */
static void lower(char *code)
{
	for (; *code; code++)
		*code = (char)tolower((unsigned char)*code);
}

static bool parse_ask(const char *path, struct ask *ask)
{
	static const char *const types[] = {"country", "target", "network", "block"};
	static const enum bw_scope scopes[] = {BW_SCOPE_TARGET, BW_SCOPE_TARGET, BW_SCOPE_NETWORK,
					       BW_SCOPE_BLOCK};
	const char *code = NULL;

	for (size_t n = 0; n < sizeof(types) / sizeof(types[0]) && !code; n++)
		if (is_type(path, types[n], &code))
			*ask = (struct ask){.type = types[n], .scope = scopes[n]};
	if (!code || !*code || strlen(code) > CODE_MAX)
		return false;
	snprintf(ask->code, sizeof(ask->code), "%s", code);
	if (strcmp(ask->type, "country") == 0)
		lower(ask->code);
	return ask->scope == BW_SCOPE_TARGET || bw_prefix_parse(code, &ask->prefix, NULL) == 0;
}

static void add_time(const struct signals *signals, enum bw_verdict verdict, int64_t from_ns,
		     int64_t until_ns)
{
	const bool up = verdict == BW_UP || verdict == BW_FLAPPING;

	while (from_ns < until_ns) {
		const int64_t n = (from_ns - signals->from_ns) / signals->step_ns;
		const int64_t next = signals->from_ns + (n + 1) * signals->step_ns;
		const int64_t end = next < until_ns ? next : until_ns;

		signals->buckets[n].known += (double)(end - from_ns);
		signals->buckets[n].up += up ? (double)(end - from_ns) : 0;
		from_ns = end;
	}
}

static void add_block(struct signals *signals, const struct board_block *block)
{
	const struct timeline *timeline = &block->merged;
	uint32_t next = timeline_after(timeline, signals->from_ns);
	int64_t from = signals->from_ns;

	signals->blocks++;
	while (from < signals->until_ns) {
		const struct interval *interval = next ? timeline_get(timeline, next - 1) : NULL;
		int64_t until = signals->until_ns;

		if (next < timeline->intervals.count &&
		    timeline_get(timeline, next)->from_ns < until)
			until = timeline_get(timeline, next)->from_ns;
		if (timeline_verdict(interval) != BW_UNKNOWN)
			add_time(signals, timeline_verdict(interval), from, until);
		from = until;
		next++;
	}
}

static void add_one(struct signals *signals, const struct board_block *block)
{
	if (!block)
		return;
	signals->title = board_target(signals->board, block->target)->title;
	add_block(signals, block);
}

static void add_network(struct signals *signals, const struct board_network *network)
{
	const struct board *board = signals->board;

	for (uint32_t n = network ? network->first : 0; n > 0; n = board_block(board, n - 1)->next)
		add_one(signals, board_block(board, n - 1));
}

static void add_target(struct signals *signals, const struct board_target *target)
{
	const struct board *board = signals->board;

	for (uint32_t n = target ? target->networks : 0; n > 0;
	     n = board_network(board, n - 1)->next)
		add_network(signals, board_network(board, n - 1));
}

/* A prefix may be in several targets. */
static void add_blocks(struct signals *signals)
{
	const struct board *board = signals->board;
	const struct ask *ask = signals->ask;

	if (ask->scope == BW_SCOPE_TARGET)
		add_target(signals, board_find_target(board, ask->code));
	for (uint32_t n = 0; n < board->targets.count; n++) {
		const char *name = board_target(board, n)->name;

		if (ask->scope == BW_SCOPE_NETWORK)
			add_network(signals, board_find_network(board, name, &ask->prefix));
		else if (ask->scope == BW_SCOPE_BLOCK)
			add_one(signals, board_find_block(board, name, &ask->prefix));
	}
}

/* How many buckets of this length the time takes, where they begin at multiples of it. */
static int64_t count_buckets(const struct signals *signals, int64_t step_ns)
{
	return (signals->until_ns + step_ns - 1) / step_ns - signals->from_ns / step_ns;
}

/* A single bucket may become two: no step would join the two sides of some multiples of it. */
static bool is_too_short(const struct signals *signals, int64_t step_ns, uint64_t points)
{
	return count_buckets(signals, step_ns) > (int64_t)points &&
	       step_ns < signals->until_ns - signals->from_ns;
}

/* The shortest usual step with at most so many buckets, which begin at its multiples. */
static bool set_steps(struct signals *signals, uint64_t points)
{
	static const int64_t steps_s[] = {60, 300, 600, 1800, 3600, 10800, 21600, 43200, 86400};
	const size_t count = sizeof(steps_s) / sizeof(steps_s[0]);
	size_t n = 0;

	while (n + 1 < count && is_too_short(signals, steps_s[n] * BW_S, points))
		n++;
	signals->step_ns = steps_s[n] * BW_S;
	while (is_too_short(signals, signals->step_ns, points))
		signals->step_ns *= 2;
	signals->count = (uint32_t)count_buckets(signals, signals->step_ns);
	signals->from_ns -= signals->from_ns % signals->step_ns;
	signals->buckets = calloc(signals->count + 1, sizeof(signals->buckets[0]));
	return signals->buckets != NULL;
}

enum datasource { UP, FRACTION, KNOWN, DATASOURCES };

static void put_value(struct json_out *out, const struct signals *signals, uint32_t n,
		      enum datasource source)
{
	const struct bucket *bucket = &signals->buckets[n];
	const int64_t begin = signals->from_ns + n * signals->step_ns;
	const int64_t end = begin + signals->step_ns;
	const double length = (double)((end < signals->until_ns ? end : signals->until_ns) - begin);

	if (source == KNOWN)
		json_out_number(out, bucket->known / length, 3);
	else if (bucket->known <= 0)
		json_out_null(out);
	else
		json_out_number(out, bucket->up / (source == UP ? length : bucket->known), 4);
}

/* What the signals that are made of merged verdicts have in common. */
static struct api_signal signal_of(const struct signals *signals)
{
	return (struct api_signal){
		.type = signals->ask->type,
		.code = signals->ask->code,
		.name = signals->title,
		.from_s = signals->from_ns / BW_S,
		.until_s = (signals->from_ns + signals->count * signals->step_ns) / BW_S,
		.step_s = signals->step_ns / BW_S,
		.native_step_s = NATIVE_STEP_S,
		.blocks = signals->blocks,
	};
}

static void put_verdicts(struct json_out *out, const struct signals *signals)
{
	static const char *const names[] = {"up", "fraction", "known"};
	struct api_signal signal = signal_of(signals);

	for (unsigned source = UP; source < DATASOURCES; source++) {
		signal.datasource = names[source];
		api_signal_begin(out, &signal);
		for (uint32_t n = 0; n < signals->count; n++)
			put_value(out, signals, n, (enum datasource)source);
		api_signal_end(out);
	}
}

/* The scope in which a target has what is asked for. False: it has nothing of it. */
static bool find_scope(const struct board *board, const struct ask *ask, const char *target,
		       enum bw_scope *ret_scope)
{
	const bool has_block = board_find_block(board, target, &ask->prefix) != NULL;

	*ret_scope = has_block ? BW_SCOPE_BLOCK : ask->scope; /* it may be a network, too */
	return has_block ||
	       (ask->scope == BW_SCOPE_NETWORK && board_find_network(board, target, &ask->prefix));
}

/* The first target, by name, that has what is asked for: others have the same probes of it. */
static void find_query(const struct signals *signals, struct hourly_query *query)
{
	const struct board *board = signals->board;
	const struct ask *ask = signals->ask;
	const char *found = NULL;

	*query = (struct hourly_query){.target = ask->code,
				       .scope = ask->scope,
				       .prefix = ask->prefix};
	for (uint32_t n = 0; n < board->targets.count && ask->scope != BW_SCOPE_TARGET; n++) {
		const char *name = board_target(board, n)->name;
		enum bw_scope scope;

		if ((found && strcmp(name, found) > 0) || !find_scope(board, ask, name, &scope))
			continue;
		query->target = found = name;
		query->scope = scope;
	}
}

/* While the database is away, they are left out. */
static void put_sums(struct json_out *out, const struct signals *signals, const struct store *store)
{
	struct api_signal like = signal_of(signals);
	struct hourly_query query;

	like.until_s = (signals->until_ns + BW_S - 1) / BW_S;
	find_query(signals, &query);
	(void)api_signal_sums(out, &like, &query, store);
}

static void put_signals(const struct signals *signals, const struct store *store,
			struct api_answer *answer)
{
	struct json_out out;

	json_out_init_heap(&out, false);
	json_out_object(&out);
	json_out_key(&out, "type");
	json_out_string(&out, "signals");
	json_out_key(&out, "data");
	json_out_array(&out);
	json_out_array(&out);
	put_verdicts(&out, signals);
	put_sums(&out, signals, store);
	json_out_array_end(&out);
	json_out_array_end(&out);
	json_out_object_end(&out);
	api_answer_json(answer, 200, &out);
}

void api_signals(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer)
{
	struct ask ask;
	struct signals signals = {.board = &collector->board, .ask = &ask};
	uint64_t points;

	if (!parse_ask(request->path + strlen(PREFIX), &ask)) {
		api_answer_error(answer, 404,
				 "signals are of country/CODE, target/NAME, "
				 "network/PREFIX or block/PREFIX");
		return;
	}
	if (api_time_span(request, now.ns, DEFAULT_NS, &signals.from_ns, &signals.until_ns,
			  answer) < 0)
		return;
	if (!api_page_number(request, "maxPoints", API_SIGNALS_POINTS, &points) || points == 0 ||
	    points > POINTS_MAX || signals.from_ns >= signals.until_ns) {
		api_answer_error(answer, 400,
				 "maxPoints is a number from 1 to 10000, and from is "
				 "before until");
		return;
	}
	if (!set_steps(&signals, points)) {
		api_answer_error(answer, 500, "out of memory");
		return;
	}
	add_blocks(&signals);
	if (signals.blocks == 0)
		api_answer_error(answer, 404, "no vantage has told of such a thing");
	else
		put_signals(&signals, &collector->store, answer);
	free(signals.buckets);
}
