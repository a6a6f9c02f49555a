/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/delivery/sink_positions.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sys/spool/position_file.h"

/* Returns false for a sink that has no position in this spool. */
static bool read_one(int folder, const char *name, const char *spool, struct position *ret_position)
{
	return folder >= 0 && position_file_read(folder, name, ret_position, NULL) == 0 &&
	       strcmp(ret_position->spool, spool) == 0;
}

static struct record_network_sink sink_of(const char *name, const struct position *position)
{
	struct record_network_sink sink = {
		.name = name,
		.records = position->backlog.records,
		.bytes = position->backlog.bytes,
		.age_s = position->backlog.age_s,
		.last_success = position->last_success,
	};

	memcpy(sink.failures, position->failures, sizeof(sink.failures));
	return sink;
}

/* The place of the sink that is the farthest behind. */
static void add_stored(struct sink_positions *positions, const struct position *position)
{
	if (positions->count == 0 || position_is_before(&position->stored, &positions->stored))
		positions->stored = position->stored;
}

static void add(struct sink_positions *positions, int folder, const char *name,
		const struct spool *spool, const struct spool_stats *stats)
{
	struct record_network_sink *sink = &positions->sinks[positions->count];
	struct position position;

	if (!read_one(folder, name, spool_id(spool), &position)) {
		*sink = (struct record_network_sink){.name = name,
						     .records = stats->records,
						     .bytes = stats->bytes,
						     .age_s = stats->age_s};
		positions->has_stored = false;
	} else {
		*sink = sink_of(name, &position);
		add_stored(positions, &position);
		if (position.has_offset && !positions->has_clock_offset) {
			positions->has_clock_offset = true;
			positions->clock_offset_s = position.clock_offset_s;
		}
	}
	positions->count++;
}

void sink_positions_read(struct sink_positions *positions, const struct conf_run *conf,
			 const struct spool *spool, const struct spool_stats *stats)
{
	int folder = open(spool_path(spool), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t network = 0;

	*positions = (struct sink_positions){.has_stored = true};
	for (size_t i = 0; i < conf->sinks.count; i++) {
		if (!conf_run_sink_is_network(&conf->sinks.list[i]))
			continue;
		network++;
		if (positions->count < RECORD_NETWORK_SINKS_MAX)
			add(positions, folder, conf->sinks.list[i].name, spool, stats);
	}
	if (network == 0 || network > positions->count)
		positions->has_stored = false;
	if (folder >= 0)
		close(folder);
}
