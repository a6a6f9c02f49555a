/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/sink.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void sink_put(const struct sink *sink, const struct sink_line *line)
{
	sink->ops->put(sink->self, line);
}

void sink_flush(const struct sink *sink, struct bw_mono until)
{
	sink->ops->flush(sink->self, until);
}

int sink_reopen(const struct sink *sink, const void *options, struct bw_err *err)
{
	return sink->ops->reopen(sink->self, options, err);
}

struct bw_mono sink_deadline(const struct sink *sink)
{
	return sink->ops->deadline ? sink->ops->deadline(sink->self) : BW_NEVER;
}

void sink_wake(const struct sink *sink, struct bw_now now)
{
	if (sink->ops->wake)
		sink->ops->wake(sink->self, now);
}

void sink_stats(const struct sink *sink, struct sink_stats *ret_stats)
{
	sink->ops->stats(sink->self, ret_stats);
}

bool sink_news(const struct sink *sink, struct bw_err *ret_news)
{
	return sink->ops->news(sink->self, ret_news);
}

const char *sink_name(const struct sink *sink)
{
	return sink->ops->name(sink->self);
}

bool sink_is_over(const struct sink *sink)
{
	return sink->ops->is_over && sink->ops->is_over(sink->self);
}

void sink_free(struct sink *sink)
{
	if (sink->ops)
		sink->ops->free(sink->self);
	*sink = (struct sink){0};
}

const char *sink_lost_name(enum sink_lost reason)
{
	switch (reason) {
#define X(name, text) \
	case name:    \
		return text;
		SINK_LOST_LIST(X)
#undef X
	case SINK_LOST_REASONS:
		break;
	}
	return "";
}

uint64_t sink_lost(const struct sink_stats *stats)
{
	uint64_t lost = 0;

	for (int i = 0; i < SINK_LOST_REASONS; i++)
		lost += stats->lost[i];
	return lost;
}

char *sink_stats_format(const struct sink_stats *stats, char text[SINK_STATS_TEXT])
{
	const char *before = " (";
	int used = snprintf(text, SINK_STATS_TEXT,
			    "%" PRIu64 " records written, %" PRIu64 " waiting, %" PRIu64 " lost",
			    stats->written, stats->waiting, sink_lost(stats));

	for (int i = 0; i < SINK_LOST_REASONS; i++) {
		if (stats->lost[i] == 0)
			continue;
		used += snprintf(text + used, (size_t)(SINK_STATS_TEXT - used), "%s%" PRIu64 " %s",
				 before, stats->lost[i], sink_lost_name((enum sink_lost)i));
		before = ", ";
	}
	if (sink_lost(stats) > 0)
		snprintf(text + used, (size_t)(SINK_STATS_TEXT - used), ")");
	return text;
}
