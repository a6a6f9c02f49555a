/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "target/file/parse.h"
#include "vantage/roster_egress.h"

#define JSON_MAX 65536
#define LINE_MAX_CHARS 128

/* Text of JSON that grows. */
struct text {
	char bytes[JSON_MAX];
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
	va_list args;
	int written;

	va_start(args, format);
	written = vsnprintf(text->bytes + text->length, JSON_MAX - text->length, format, args);
	va_end(args);
	assert_true(written >= 0 && (size_t)written < JSON_MAX - text->length);
	text->length += (size_t)written;
}

static void add_hosts(struct text *text, const struct bw_prefix *prefix, unsigned hosts)
{
	unsigned length = prefix->addr.family == 4 ? 24 : 48;
	uint64_t blocks = bw_prefix_parts(prefix, length);

	add(text, ",\"hosts\":[");
	for (uint64_t b = 0; b < blocks; b++)
		for (unsigned h = 1; h <= hosts; h++) {
			struct bw_prefix block = bw_prefix_part(prefix, length, b);
			struct bw_addr host = bw_addr_add(&block.addr, h);
			char host_text[BW_ADDR_TEXT];

			add(text, "%s\"%s\"", b + h > 1 ? "," : "",
			    bw_addr_format(&host, host_text));
		}
	add(text, "]");
}

static void add_network(struct text *text, const char *prefix_text, unsigned hosts)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(prefix_text, &prefix, NULL), 0);
	add(text, "{\"prefix\":\"%s\"", prefix_text);
	if (hosts)
		add_hosts(text, &prefix, hosts);
	add(text, "}");
}

static void end_target(struct fixture *f, struct text *text)
{
	struct bw_err err = {0};

	if (text->length == 0)
		return;
	add(text, "]}");
	assert_true(f->target_count < FIXTURE_TARGETS);
	if (target_parse(text->bytes, text->length, "lines", &f->targets[f->target_count], &err) <
	    0)
		fail_msg("%s", err.message);
	f->target_count++;
	text->length = 0;
}

static void take_line(struct fixture *f, struct text *text, const char *line, char name[])
{
	char target[LINE_MAX_CHARS], prefix[LINE_MAX_CHARS];
	unsigned hosts = 0;

	assert_true(sscanf(line, "%63s %63s %u", target, prefix, &hosts) >= 2);
	if (strcmp(target, name) == 0) {
		add(text, ",");
	} else {
		end_target(f, text);
		memcpy(name, target, sizeof(target));
		add(text, "{\"schema\":\"blockwatch/target/1\",\"name\":\"%s\",", name);
		add(text, "\"methods\":[\"icmp\",\"tcp:80\"],\"networks\":[");
	}
	add_network(text, prefix, hosts);
}

static void make_targets(struct fixture *f, const char *lines)
{
	struct text *text = calloc(1, sizeof(*text));
	char line[LINE_MAX_CHARS], name[LINE_MAX_CHARS] = "";
	size_t length;

	assert_non_null(text);
	for (; *lines; lines += length + (lines[length] == '\n')) {
		length = strcspn(lines, "\n");
		assert_true(length < sizeof(line));
		memcpy(line, lines, length);
		line[length] = 0;
		take_line(f, text, line, name);
	}
	end_target(f, text);
	free(text);
}

static const char *keep_subject(struct fixture_record *kept, const char *subject)
{
	assert_true(strlen(subject) < sizeof(kept->subject));
	snprintf(kept->subject, sizeof(kept->subject), "%s", subject);
	return kept->subject;
}

static void keep(void *self, const struct record *record)
{
	struct fixture *f = self;
	struct fixture_record *kept = &f->records[f->count];

	assert_true(f->count < FIXTURE_RECORDS);
	f->count++;
	kept->record = *record;
	if (record->type == RECORD_EVENT)
		kept->record.event.subject = keep_subject(kept, record->event.subject);
	if (record->type == RECORD_CONDITION)
		kept->record.condition.subject = keep_subject(kept, record->condition.subject);
}

static void no_counters(void *self, struct record_vantage *ret_counters)
{
	(void)self;
	(void)ret_counters;
}

struct fixture *fixture_new(const char *lines, bool keeps_events)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct bw_err err = {0};

	assert_non_null(f);
	make_targets(f, lines);
	if (roster_init(&f->roster, (const struct bw_target *const *)f->targets, f->target_count,
			&(struct roster_options){.seed = 1}, &err) < 0)
		fail_msg("%s", err.message);
	roster_egress_set(&f->roster, 0, 0);
	assert_int_equal(ledger_new(
				 &(struct ledger_config){
					 .name = "v",
					 .boot = "b",
					 .version = "0",
					 .roster = &f->roster,
					 .params = infer_params_rounds(1),
					 .keeps_events = keeps_events,
					 .sink = {.put = keep, .self = f},
					 .counters = no_counters,
				 },
				 fixture_now(0), &f->ledger, &err),
			 0);
	return f;
}

void fixture_free(struct fixture *f)
{
	ledger_free(f->ledger);
	roster_fini(&f->roster);
	for (size_t t = 0; t < f->target_count; t++)
		bw_target_free(f->targets[t]);
	free(f);
}

struct bw_mono fixture_mono(double seconds)
{
	return (struct bw_mono){FIXTURE_START_S * BW_S + (int64_t)(seconds * (double)BW_S)};
}

struct bw_wall fixture_wall(double seconds)
{
	return (struct bw_wall){FIXTURE_WALL_S * BW_S + (int64_t)(seconds * (double)BW_S)};
}

struct bw_now fixture_now(double seconds)
{
	return (struct bw_now){fixture_mono(seconds), fixture_wall(seconds)};
}

void fixture_set_time(struct fixture *f, double seconds)
{
	f->ledger->now = fixture_now(seconds);
}

const struct record *fixture_record_of(const struct fixture *f, enum record_type type, unsigned n)
{
	for (unsigned i = 0; i < f->count; i++)
		if (f->records[i].record.type == type && n-- == 0)
			return &f->records[i].record;
	fail_msg("no such record: %s", record_type_name(type));
	return NULL;
}

unsigned fixture_count_of(const struct fixture *f, enum record_type type)
{
	unsigned count = 0;

	for (unsigned i = 0; i < f->count; i++)
		count += f->records[i].record.type == type;
	return count;
}

void fixture_forget(struct fixture *f)
{
	f->count = 0;
}
