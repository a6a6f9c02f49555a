/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_webhooks.h"

#include "sys/db/postgresql/pg_store.h"

int pg_webhooks_put(void *self, const struct store_message *message, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, message->webhook);
	pg_params_text(&params, message->topic);
	pg_params_text(&params, message->key);
	pg_params_number(&params, message->time_ns);
	pg_params_text(&params, message->text);
	return pg_db_put(&store->db,
			 "INSERT INTO message (webhook, topic, key, time, text) "
			 "VALUES ($1, $2, $3, $4, $5)",
			 &params, err);
}

struct message_walk {
	int (*take)(void *arg, const struct store_message *message);
	void *arg;
};

static int take_message(void *arg, const PGresult *row)
{
	const struct message_walk *walk = arg;
	const struct store_message message = {
		.number = (uint64_t)pg_number(row, 0),
		.webhook = pg_text(row, 1),
		.topic = pg_text(row, 2),
		.key = pg_text(row, 3),
		.time_ns = pg_number(row, 4),
		.text = pg_text(row, 5),
	};

	return walk->take(walk->arg, &message);
}

int pg_webhooks_first(void *self, const char *webhook,
		      int (*take)(void *arg, const struct store_message *message), void *arg,
		      struct bw_err *err)
{
	struct pg_store *store = self;
	struct message_walk walk = {take, arg};
	struct pg_params params = {0};

	pg_params_text(&params, webhook);
	return pg_db_each(&store->db,
			  "SELECT number, webhook, topic, key, time, text FROM message "
			  "WHERE webhook = $1 ORDER BY number LIMIT 1",
			  &params, take_message, &walk, err);
}

int pg_webhooks_drop(void *self, uint64_t number, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_number(&params, (int64_t)number);
	return pg_db_put(&store->db, "DELETE FROM message WHERE number = $1", &params, err);
}

int pg_webhooks_drop_superseded(void *self, const char *webhook, int64_t before_ns,
				struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, webhook);
	pg_params_number(&params, before_ns);
	return pg_db_put(&store->db,
			 "DELETE FROM message WHERE webhook = $1 AND time < $2 AND EXISTS "
			 "(SELECT 1 FROM message AS later WHERE later.webhook = message.webhook "
			 "AND later.topic = message.topic AND later.number > message.number)",
			 &params, err);
}

struct name_walk {
	int (*take)(void *arg, const char *webhook);
	void *arg;
};

static int take_name(void *arg, const PGresult *row)
{
	const struct name_walk *walk = arg;

	return walk->take(walk->arg, pg_text(row, 0));
}

int pg_webhooks_each(void *self, int (*take)(void *arg, const char *webhook), void *arg,
		     struct bw_err *err)
{
	struct pg_store *store = self;
	struct name_walk walk = {take, arg};

	return pg_db_each(&store->db,
			  "SELECT webhook FROM (SELECT webhook FROM message UNION "
			  "SELECT webhook FROM webhook_told) AS names "
			  "ORDER BY webhook COLLATE \"C\"",
			  NULL, take_name, &walk, err);
}

int pg_webhooks_drop_all(void *self, const char *webhook, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};
	int result;

	pg_params_text(&params, webhook);
	result = pg_db_put(&store->db, "DELETE FROM message WHERE webhook = $1", &params, err);
	return result < 0 ? result
			  : pg_db_put(&store->db, "DELETE FROM webhook_told WHERE webhook = $1",
				      &params, err);
}

int pg_webhooks_put_told(void *self, const char *webhook, const char *topic, int value,
			 struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, webhook);
	pg_params_text(&params, topic);
	pg_params_number(&params, value);
	return pg_db_put(&store->db,
			 "INSERT INTO webhook_told (webhook, topic, value) VALUES ($1, $2, $3) "
			 "ON CONFLICT (webhook, topic) DO UPDATE SET value = excluded.value",
			 &params, err);
}

static int take_value(void *arg, const PGresult *row)
{
	*(int *)arg = (int)pg_number(row, 0);
	return 0;
}

int pg_webhooks_get_told(void *self, const char *webhook, const char *topic, int *ret_value,
			 struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_text(&params, webhook);
	pg_params_text(&params, topic);
	return pg_db_each(&store->db,
			  "SELECT value FROM webhook_told WHERE webhook = $1 AND topic = $2",
			  &params, take_value, ret_value, err);
}
