/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/sinks.h"

#include <errno.h>
#include <stdlib.h>

#include "app/common/log.h"
#include "report/record/encode.h"
#include "sys/sink/sink_kinds.h"

#define FLUSH_NS (BW_S / 2) /* SIGTERM leaves two seconds */
#define ALL_RECORDS (~0U)

struct sinks {
	struct sinks_entry {
		struct sink sink;
		unsigned type; /* enum conf_run_sink_type */
	} * list;
	size_t count;
	unsigned records;          /* set of enum conf_run_record */
	struct delivery *delivery; /* or NULL */
	uint64_t too_long;         /* records that could not be encoded: lost in every sink */
	char line[RECORD_LINE_MAX];
};

struct sinks *sinks_new(void)
{
	struct sinks *sinks = calloc(1, sizeof(*sinks));

	if (sinks)
		sinks->records = ALL_RECORDS;
	return sinks;
}

int sinks_add(struct sinks *sinks, struct sink sink, unsigned type)
{
	struct sinks_entry *list = realloc(sinks->list, (sinks->count + 1) * sizeof(*list));

	if (!list) {
		sink_free(&sink);
		return -ENOMEM;
	}
	sinks->list = list;
	sinks->list[sinks->count++] = (struct sinks_entry){sink, type};
	return 0;
}

static int open_one(struct sinks *sinks, const struct conf_run_sink *conf, struct loop *loop,
		    struct bw_err *err)
{
	struct sink sink;
	int code = sink_kinds_open(conf, loop, &sink, err);

	if (code == 0 && sinks_add(sinks, sink, conf->type) < 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	return code;
}

int sinks_open(const struct conf_run *conf, struct loop *loop, struct sinks **ret_sinks,
	       struct bw_err *err)
{
	struct sinks *sinks = sinks_new();
	int code = sinks ? 0 : bw_err_set(err, -ENOMEM, "out of memory");

	for (size_t i = 0; i < conf->sinks.count && code == 0; i++)
		if (!conf_run_sink_is_network(&conf->sinks.list[i]))
			code = open_one(sinks, &conf->sinks.list[i], loop, err);
	if (code < 0) {
		sinks_free(sinks);
		return code;
	}
	sinks->records = conf->records;
	*ret_sinks = sinks;
	return 0;
}

void sinks_free(struct sinks *sinks)
{
	if (!sinks)
		return;
	for (size_t i = 0; i < sinks->count; i++)
		sink_free(&sinks->list[i].sink);
	free(sinks->list);
	free(sinks);
}

/* The bit of struct conf_run's records that stands for a type. */
static unsigned bit_of(enum record_type type)
{
	switch (type) {
	case RECORD_BLOCK:
		return CONF_RUN_BLOCK;
	case RECORD_EVENT:
		return CONF_RUN_EVENT;
	case RECORD_CONDITION:
		return CONF_RUN_CONDITION;
	case RECORD_TARGET:
		return CONF_RUN_TARGET;
	case RECORD_VANTAGE:
		return CONF_RUN_VANTAGE;
	case RECORD_PROBE:
		return CONF_RUN_PROBE;
	case RECORD_TRACE:
		return CONF_RUN_TRACE;
	case RECORD_SURVEY:
		return 0;
	}
	return 0;
}

static void log_news(const struct sink *sink)
{
	struct bw_err news;

	while (sink_news(sink, &news))
		log_error("run", &news);
}

static void put_local(struct sinks *sinks, const struct record *record, size_t length)
{
	struct sink_line line = {
		.text = sinks->line,
		.length = length,
		.type = record_type_name(record->type),
		.urgent = record->type == RECORD_EVENT,
		.time = record->head.time,
	};

	for (size_t i = 0; i < sinks->count; i++) {
		sink_put(&sinks->list[i].sink, &line);
		log_news(&sinks->list[i].sink);
	}
}

/* The spool comes first: what another sink has told is in it. */
static void put(void *self, const struct record *record)
{
	struct sinks *sinks = self;
	bool spooled = sinks->delivery && delivery_takes(sinks->delivery, record->type);
	bool local = sinks->records & bit_of(record->type);
	int length;

	if (!spooled && !local)
		return;
	length = record_encode(record, sinks->line, sizeof(sinks->line));
	if (length < 0) {
		sinks->too_long++;
		return;
	}
	if (spooled)
		delivery_put(sinks->delivery, record, sinks->line, (size_t)length);
	if (local)
		put_local(sinks, record, (size_t)length);
}

void sinks_set_delivery(struct sinks *sinks, struct delivery *delivery)
{
	sinks->delivery = delivery;
}

struct record_sink sinks_record_sink(struct sinks *sinks)
{
	return (struct record_sink){.put = put, .self = sinks};
}

/* The sink of CONF's number I: of those of its kind it has the same place. NULL: none. */
static const struct sink *find_sink(const struct sinks *sinks, const struct conf_run *conf,
				    size_t i)
{
	unsigned type = conf->sinks.list[i].type;
	size_t before = 0;

	for (size_t j = 0; j < i; j++)
		before += conf->sinks.list[j].type == type;
	for (size_t j = 0; j < sinks->count; j++)
		if (sinks->list[j].type == type && before-- == 0)
			return &sinks->list[j].sink;
	return NULL;
}

static bool has_same_sinks(const struct sinks *sinks, const struct conf_run *conf)
{
	size_t count = 0;

	for (size_t i = 0; i < conf->sinks.count; i++) {
		if (conf_run_sink_is_network(&conf->sinks.list[i]))
			continue;
		if (!find_sink(sinks, conf, i))
			return false;
		count++;
	}
	return count == sinks->count;
}

int sinks_reopen(struct sinks *sinks, const struct conf_run *conf, struct bw_err *err)
{
	int code = 0;

	if (!has_same_sinks(sinks, conf))
		return bw_err_set(err, BW_ERR_VALUE,
				  "sinks can only be added or taken away by a restart");
	for (size_t i = 0; i < conf->sinks.count && code == 0; i++)
		if (!conf_run_sink_is_network(&conf->sinks.list[i]))
			code = sink_reopen(find_sink(sinks, conf, i), &conf->sinks.list[i], err);
	if (code == 0)
		sinks->records = conf->records;
	return code;
}

struct bw_mono sinks_deadline(const struct sinks *sinks)
{
	struct bw_mono next = BW_NEVER;

	for (size_t i = 0; i < sinks->count; i++)
		next = bw_mono_min(next, sink_deadline(&sinks->list[i].sink));
	return next;
}

void sinks_wake(struct sinks *sinks, struct bw_now now)
{
	for (size_t i = 0; i < sinks->count; i++) {
		const struct sink *sink = &sinks->list[i].sink;

		if (!bw_mono_before(now.mono, sink_deadline(sink)))
			sink_wake(sink, now);
		log_news(sink);
	}
}

bool sinks_are_over(const struct sinks *sinks)
{
	for (size_t i = 0; i < sinks->count; i++)
		if (!sink_is_over(&sinks->list[i].sink))
			return false;
	return sinks->count > 0;
}

void sinks_flush(struct sinks *sinks, struct bw_mono now)
{
	struct bw_mono until = bw_mono_add(now, FLUSH_NS);

	for (size_t i = 0; i < sinks->count; i++) {
		sink_flush(&sinks->list[i].sink, until);
		log_news(&sinks->list[i].sink);
	}
}

struct sink_stats sinks_stats(const struct sinks *sinks, size_t number)
{
	struct sink_stats stats;

	sink_stats(&sinks->list[number].sink, &stats);
	stats.lost[SINK_TOO_LONG] += sinks->too_long;
	return stats;
}

void sinks_log(const struct sinks *sinks, bool lost_only)
{
	for (size_t i = 0; i < sinks->count; i++) {
		struct sink_stats stats = sinks_stats(sinks, i);
		char text[SINK_STATS_TEXT];

		if (lost_only && stats.waiting == 0 && sink_lost(&stats) == 0)
			continue;
		log_warn("run: %s: %s", sink_name(&sinks->list[i].sink),
			 sink_stats_format(&stats, text));
	}
}
