/* SPDX-License-Identifier: Apache-2.0 */
#include "target/build/hitlist_json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <blockwatch/time.h>

#include "base/day.h"

#define DEPTH_MAX 64

struct hitlist_json hitlist_json_of(struct hits *hits)
{
	return (struct hitlist_json){.hits = hits, .rate = -1};
}

uint16_t hitlist_day(const struct cell *cell)
{
	char day[CELL_DAY];
	struct bw_wall time;

	if (!cell_day(cell, day))
		return 0;
	return day_parse(day, &time) == 0 ? (uint16_t)day_number(time) : 0;
}

static void forget(struct hitlist_json *json)
{
	struct hitlist_json fresh = hitlist_json_of(json->hits);

	fresh.depth = json->depth;
	fresh.count = json->count;
	*json = fresh;
}

static bool is_one_of(const struct cell *cell, const char *const *words)
{
	for (; *words; words++)
		if (cell_is(cell, *words))
			return true;
	return false;
}

static int take_address(struct hitlist_json *json, const struct cell *value, struct bw_err *err)
{
	if (json->host_depth)
		return 0;
	if (!cell_address(value, &json->addr))
		return bw_err_set(err, BW_ERR_SYNTAX, "'%.*s' is no address", CELL_SHOWN(value));
	json->host_depth = json->depth;
	return 0;
}

static void take_status(struct hitlist_json *json, const struct cell *value)
{
	static const char *const good[] = {"1", "true", "open", "echoreply", "synack", "rst", NULL};

	if (!is_one_of(value, good))
		json->failed = true;
	if (cell_is(value, "synack") || cell_is(value, "rst"))
		json->is_tcp = true;
}

static void take_number(struct hitlist_json *json, const struct cell *key, const struct cell *value)
{
	static const char *const ports[] = {"sport", "port", NULL};
	double rate;

	if (is_one_of(key, ports))
		(void)cell_number(value, UINT16_MAX, &json->port);
	else if (cell_is(key, "ping_sent"))
		json->has_sent = cell_number(value, UINT32_MAX, &json->sent);
	else if (cell_is(key, "replies"))
		(void)cell_number(value, UINT32_MAX, &json->replies);
	else if (cell_is(key, "e_b") && cell_real(value, &rate))
		json->rate = rate;
}

/* One member with a simple value. */
static int take_member(struct hitlist_json *json, const struct cell *value, struct bw_err *err)
{
	static const char *const addresses[] = {"saddr", "ip", "dst", "host_ip", NULL};
	static const char *const statuses[] = {"success", "classification", "status", NULL};
	static const char *const times[] = {"timestamp",
					    "timestamp_str",
					    "timestamp_ts",
					    "timestamp-ts",
					    "timestamp-str",
					    "sec",
					    NULL};
	const struct cell *key = &json->key;

	if (is_one_of(key, addresses))
		return take_address(json, value, err);
	if (is_one_of(key, statuses))
		take_status(json, value);
	else if (is_one_of(key, times) && json->day == 0)
		json->day = hitlist_day(value);
	else if (cell_is(key, "type"))
		json->is_other = !cell_is(value, "ping") && value->length > 0 && *value->at > '9';
	else if (cell_is(key, "rec_type"))
		json->is_other = !cell_is(value, "status");
	else if (cell_is(key, "proto"))
		json->is_tcp = cell_is(value, "tcp");
	else
		take_number(json, key, value);
	return 0;
}

static int put_host(struct hitlist_json *json, struct bw_err *err)
{
	struct bw_host host = {.addr = json->addr,
			       .availability = BW_AVAILABILITY_DEFAULT,
			       .seen_day = json->day};
	double rate = json->rate;

	json->count++;
	if (json->has_sent && json->sent > 0)
		rate = (double)json->replies / (double)json->sent;
	if (json->failed || json->is_other || rate == 0)
		return 0;
	if (rate > 0)
		host.availability = (float)(rate < 1 ? rate : 1);
	if (json->port > 0 && json->is_tcp)
		(void)bw_methods_add(&host.methods,
				     (struct bw_method){BW_PROTOCOL_TCP, (uint16_t)json->port},
				     NULL);
	return hits_add(json->hits, &host) < 0 ? bw_err_set(err, -ENOMEM, "out of memory") : 0;
}

static int close_one(struct hitlist_json *json, bool is_object, struct bw_err *err)
{
	int result = 0;

	if (json->depth == 0)
		return bw_err_set(err, BW_ERR_SYNTAX, "this is no JSON: it closes too much");
	if (is_object && json->host_depth == json->depth) {
		result = put_host(json, err);
		json->depth--;
		forget(json);
		return result;
	}
	json->depth--;
	if (json->depth == 0)
		forget(json);
	return 0;
}

/* The end of the string that begins at AT with its quote, or NULL. */
static const char *find_string_end(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		at += *at == '\\';
	return at < end ? at : NULL;
}

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == ','))
		at++;
	return at;
}

/* A string or a bare value at *AT: a name when a colon follows, else a value. */
static int take_token(struct hitlist_json *json, const char **at, const char *end,
		      struct bw_err *err)
{
	const char *begin = *at, *stop;
	bool is_string = *begin == '"';
	struct cell token;

	if (is_string) {
		stop = find_string_end(begin, end);
		if (!stop)
			return bw_err_set(err, BW_ERR_SYNTAX,
					  "this is no JSON: a string does not end");
		token = (struct cell){begin + 1, (size_t)(stop - begin - 1)};
		stop++;
	} else {
		for (stop = begin; stop < end && !strchr(" \t,:{}[]\"", *stop); stop++)
			;
		token = (struct cell){begin, (size_t)(stop - begin)};
	}
	*at = skip_space(stop, end);
	if (token.length == 0 && !is_string)
		return bw_err_set(err, BW_ERR_SYNTAX, "this is no JSON, at '%.20s'", begin);
	if (*at < end && **at == ':') {
		json->key = token;
		json->is_key_known = true;
		++*at;
		return 0;
	}
	if (!json->is_key_known)
		return 0;
	json->is_key_known = false;
	return take_member(json, &token, err);
}

int hitlist_json_line(struct hitlist_json *json, const struct text_line *line, struct bw_err *err)
{
	const char *end = line->at + line->length, *at = skip_space(line->at, end);
	int result = 0;

	json->is_key_known = false;
	while (at < end && result == 0) {
		if (*at == '{' || *at == '[') {
			if (json->depth++ == DEPTH_MAX)
				return bw_err_set(err, BW_ERR_SYNTAX, "too deep");
			json->is_key_known = false;
			at++;
		} else if (*at == '}' || *at == ']') {
			result = close_one(json, *at == '}', err);
			at++;
		} else {
			result = take_token(json, &at, end, err);
		}
		at = skip_space(at, end);
	}
	return result;
}

int hitlist_json_end(struct hitlist_json *json, struct bw_err *err)
{
	if (json->depth > 0)
		return bw_err_set(err, BW_ERR_SYNTAX, "the JSON ends too soon: was it cut short?");
	return 0;
}
