/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sys/db/postgresql/pg_agreement.h"
#include "sys/db/postgresql/pg_events.h"
#include "sys/db/postgresql/pg_fleet.h"
#include "sys/db/postgresql/pg_history.h"
#include "sys/db/postgresql/pg_hourly.h"
#include "sys/db/postgresql/pg_outages.h"
#include "sys/db/postgresql/pg_peers.h"
#include "sys/db/postgresql/pg_records.h"
#include "sys/db/postgresql/pg_repeats.h"
#include "sys/db/postgresql/pg_webhooks.h"

static int begin(void *self, struct bw_err *err)
{
	struct pg_store *store = self;
	int result = pg_db_begin(&store->db, err);

	store->day_count = 0; /* another collector may have dropped partitions */
	if (result == 0)
		result = pg_peers_lock(store, err);
	if (result < 0)
		pg_db_rollback(&store->db);
	return result;
}

static int commit(void *self, struct bw_err *err)
{
	struct pg_store *store = self;
	int result = 0;

	for (size_t n = 0; n < PG_STAGES && result == 0; n++)
		result = pg_stage_flush(&store->db, (enum pg_stage_kind)n, &store->stages[n], err);
	if (result == 0)
		result = pg_peers_publish(store, err);
	if (result == 0)
		result = pg_db_commit(&store->db, err);
	if (result == 0)
		pg_peers_keep(store);
	return result;
}

/* Rows of boots and partitions may be among what is thrown away. */
static void rollback(void *self)
{
	struct pg_store *store = self;

	for (size_t n = 0; n < PG_STAGES; n++)
		pg_stage_clear(&store->stages[n]);
	pg_records_forget(store);
	pg_peers_drop(store);
	pg_db_rollback(&store->db);
}

static int watch(void *self, int64_t *ret_next_ns, struct bw_err *err)
{
	struct pg_store *store = self;

	const int result = pg_db_watch(&store->db, ret_next_ns, err);

	if (result < 0)
		return result;
	pg_peers_watch(store, ret_next_ns);
	return pg_db_ready(&store->db, err); /* the look may have found out that it is lost */
}

static void store_free(void *self)
{
	struct pg_store *store = self;

	for (size_t n = 0; n < PG_STAGES; n++)
		pg_stage_fini(&store->stages[n]);
	pg_records_forget(store);
	free(store->peers.lines);
	pg_db_close(&store->db);
	free(store);
}

static const struct store_ops ops = {
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.put_record = pg_records_put,
	.put_vantage = pg_fleet_put_vantage,
	.put_seen = pg_records_put_seen,
	.put_claim = pg_history_put_claim,
	.put_place = pg_history_put_place,
	.put_conditions = pg_history_put_conditions,
	.put_boot = pg_fleet_put_boot,
	.put_heard = pg_fleet_put_heard,
	.put_health = pg_fleet_put_health,
	.drop_health = pg_fleet_drop_health,
	.put_upstream = pg_fleet_put_upstream,
	.put_term = pg_fleet_put_term,
	.put_kept = pg_history_put_kept,
	.each_kept = pg_history_each_kept,
	.put_title = pg_history_put_title,
	.each_vantage = pg_fleet_each_vantage,
	.each_seen = pg_records_each_seen,
	.each_claim = pg_history_each_claim,
	.each_place = pg_history_each_place,
	.each_conditions = pg_history_each_conditions,
	.each_boot = pg_fleet_each_boot,
	.each_heard = pg_fleet_each_heard,
	.each_health = pg_fleet_each_health,
	.each_upstream = pg_fleet_each_upstream,
	.each_term = pg_fleet_each_term,
	.each_title = pg_history_each_title,
	.put_outage = pg_outages_put,
	.each_outage = pg_outages_each,
	.put_dark_event = pg_outages_put_dark,
	.each_dark_event = pg_outages_each_dark,
	.put_event = pg_events_put,
	.events_before = pg_events_before,
	.events_after = pg_events_after,
	.last_event = pg_events_last,
	.put_told = pg_events_put_told,
	.get_told = pg_events_get_told,
	.put_message = pg_webhooks_put,
	.first_message = pg_webhooks_first,
	.drop_message = pg_webhooks_drop,
	.drop_superseded = pg_webhooks_drop_superseded,
	.each_webhook = pg_webhooks_each,
	.drop_webhook = pg_webhooks_drop_all,
	.put_webhook_told = pg_webhooks_put_told,
	.get_webhook_told = pg_webhooks_get_told,
	.forget_records = pg_records_forget_old,
	.put_repeats = pg_repeats_put,
	.each_repeats = pg_repeats_each,
	.take_repeats = pg_repeats_take,
	.put_hourly_part = pg_hourly_put_part,
	.each_hourly_part = pg_hourly_each_part,
	.take_hourly_parts = pg_hourly_take_parts,
	.put_hourly_day = pg_hourly_put_day,
	.get_hourly_days = pg_hourly_get_days,
	.each_hourly_day = pg_hourly_each_day,
	.hourly_days = pg_hourly_days,
	.forget_hourly_days = pg_hourly_forget_days,
	.forget_events = pg_events_forget,
	.drop_outage = pg_outages_drop,
	.drop_claim = pg_history_drop_claim,
	.agree = pg_agreement_reach,
	.leads = pg_peers_leads,
	.take_news = pg_peers_take_news,
	.begin_load = pg_peers_begin_load,
	.has_loaded = pg_peers_has_loaded,
	.each_admission = pg_peers_each_admission,
	.each_new_outage = pg_outages_each_new,
	.watch = watch,
	.free = store_free,
};

int pg_store_open(const char *url, struct store *ret_store, struct bw_err *err)
{
	struct pg_store *store = calloc(1, sizeof(*store));
	int result;

	if (!store)
		return bw_err_set(err, -ENOMEM, "out of memory");
	result = pg_db_open(&store->db, url, err);
	if (result < 0) {
		store_free(store);
		return result;
	}
	*ret_store = (struct store){&ops, store};
	return 0;
}
