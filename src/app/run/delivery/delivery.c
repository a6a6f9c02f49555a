/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/delivery/delivery.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/common/log.h"
#include "app/run/delivery/shipper.h"
#include "app/run/delivery/sink_positions.h"
#include "sys/machine/clock.h"
#include "sys/machine/privilege.h"
#include "sys/spool/write/spool.h"

#define NOBODY "nobody"
#define PATIENCE_NS (BW_S * 3 / 2) /* of two seconds from SIGTERM to the end */

struct delivery {
	const struct conf_run *conf;
	struct loop *loop;
	struct secret_files secrets;
	struct shipper shipper;
	struct spool *spool; /* NULL: none */
	unsigned types;      /* set of 1 << enum spool_type */
	struct sink_positions positions;
	struct record_delivery status;
};

struct delivery *delivery_new(const char *config, const struct conf_run *conf)
{
	struct delivery *delivery = calloc(1, sizeof(*delivery));

	if (!delivery)
		return NULL;
	secret_files_open(&delivery->secrets, conf);
	shipper_init(&delivery->shipper, config, &delivery->secrets, NULL);
	return delivery;
}

void delivery_free(struct delivery *delivery)
{
	if (!delivery)
		return;
	shipper_fini(&delivery->shipper, 0);
	spool_close(delivery->spool);
	secret_files_close(&delivery->secrets);
	free(delivery);
}

/* Root gives positions and refused batches to the user that `ship` becomes. */
static struct spool_owner owner_of(const struct conf_run *conf)
{
	struct spool_owner owner = {.is_other = false};
	unsigned uid, gid;

	if (geteuid() != 0 ||
	    privilege_numbers(conf->user ? conf->user : NOBODY, &uid, &gid, NULL) < 0)
		return owner;
	return (struct spool_owner){uid != 0, (uid_t)uid, (gid_t)gid};
}

static void log_news(struct delivery *delivery)
{
	struct bw_err news;

	while (delivery->spool && spool_news(delivery->spool, &news))
		log_error("run", &news);
}

static int open_spool(struct delivery *delivery, struct bw_err *err)
{
	const struct conf_run *conf = delivery->conf;
	struct spool_config config = {
		.directory = conf->state_directory,
		.owner = owner_of(conf),
		.limits = {conf->spool.size, conf->spool.age_ns},
		.loop = delivery->loop,
	};

	if (spool_open(&config, clock_now(), &delivery->spool) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	log_news(delivery);
	return 0;
}

/* The types, the child and the spool that CONF asks for. */
static int follow(struct delivery *delivery, const struct conf_run *conf, struct bw_err *err)
{
	bool ships = conf_run_has_network_sink(conf) && conf->ship != CONF_RUN_SHIP_EXTERNAL;
	struct plan_limits limits = {conf->spool.size, conf->spool.age_ns};
	bool has_spool = conf_run_has_spool(conf);

	delivery->conf = conf;
	delivery->types = has_spool ? conf_run_spool_types_of(conf, NULL) : 0;
	shipper_want(&delivery->shipper, ships, clock_now());
	if (delivery->spool)
		spool_set_limits(delivery->spool, &limits);
	return has_spool && !delivery->spool ? open_spool(delivery, err) : 0;
}

int delivery_open(struct delivery *delivery, const struct conf_run *conf, struct loop *loop,
		  struct bw_err *err)
{
	delivery->loop = loop;
	delivery->shipper.loop = loop;
	return follow(delivery, conf, err);
}

void delivery_reload(struct delivery *delivery, const struct conf_run *conf)
{
	struct bw_err err;

	secret_files_open(&delivery->secrets, conf);
	if (follow(delivery, conf, &err) < 0)
		log_error("run", &err);
	if (delivery->shipper.is_wanted)
		shipper_restart(&delivery->shipper);
}

/* SPOOL_TYPES for what never goes to a spool. */
static unsigned spool_type(enum record_type type)
{
	const char *name = record_type_name(type);
	const struct ship_text text = {name, strlen(name)};

	return spool_type_of(&text);
}

bool delivery_takes(const struct delivery *delivery, enum record_type type)
{
	return delivery->spool && (delivery->types & 1U << spool_type(type));
}

void delivery_put(struct delivery *delivery, const struct record *record, const char *text,
		  size_t length)
{
	struct spool_line line = {
		.text = text,
		.length = length,
		.type = spool_type(record->type),
		.boot = record->head.boot,
		.seq = record->head.seq,
		.time = record->head.time,
	};

	spool_put(delivery->spool, &line, clock_now());
	log_news(delivery);
}

const struct record_delivery *delivery_status(struct delivery *delivery)
{
	struct sink_positions *positions = &delivery->positions;
	struct spool_stats stats;

	if (!delivery->spool)
		return NULL;
	spool_stats(delivery->spool, clock_now(), &stats);
	sink_positions_read(positions, delivery->conf, delivery->spool, &stats);
	if (positions->has_stored)
		spool_delivered(delivery->spool, positions->stored.segment, positions->stored.boot,
				positions->stored.seq);
	delivery->status = (struct record_delivery){
		.records = stats.records,
		.bytes = stats.bytes,
		.age_s = stats.age_s,
		.error = stats.error ? bw_error_text(stats.error) : NULL,
		.has_clock_offset = positions->has_clock_offset,
		.clock_offset_s = positions->clock_offset_s,
		.sinks = positions->sinks,
		.sink_count = positions->count,
	};
	memcpy(delivery->status.dropped, stats.dropped, sizeof(stats.dropped));
	return &delivery->status;
}

void delivery_wake(struct delivery *delivery, struct bw_now now)
{
	shipper_wake(&delivery->shipper, now);
	if (delivery->spool && !bw_mono_before(now.mono, spool_deadline(delivery->spool)))
		spool_wake(delivery->spool, now);
	log_news(delivery);
}

struct bw_mono delivery_deadline(const struct delivery *delivery)
{
	struct bw_mono next = shipper_deadline(&delivery->shipper);

	return delivery->spool ? bw_mono_min(next, spool_deadline(delivery->spool)) : next;
}

void delivery_stop(struct delivery *delivery)
{
	delivery->shipper.is_wanted = false;
	shipper_stop(&delivery->shipper);
}

void delivery_end(struct delivery *delivery)
{
	if (delivery->spool)
		spool_flush(delivery->spool);
	log_news(delivery);
	shipper_fini(&delivery->shipper, PATIENCE_NS);
}
