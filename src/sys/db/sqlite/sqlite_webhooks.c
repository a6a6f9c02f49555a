/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_webhooks.h"

#include "sys/db/sqlite/sqlite_db.h"

int sqlite_webhooks_put(void *self, const struct store_message *message, struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_MESSAGE);

	sqlite_db_bind_text(s, 1, message->webhook);
	sqlite_db_bind_text(s, 2, message->topic);
	sqlite_db_bind_text(s, 3, message->key);
	sqlite3_bind_int64(s, 4, message->time_ns);
	sqlite_db_bind_text(s, 5, message->text);
	return sqlite_db_run(db, SQLITE_DO_PUT_MESSAGE, err);
}

int sqlite_webhooks_first(void *self, const char *webhook,
			  int (*take)(void *arg, const struct store_message *message), void *arg,
			  struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_FIRST_MESSAGE);
	int code, result = 0;

	sqlite_db_bind_text(s, 1, webhook);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW) {
		const struct store_message message = {
			.number = (uint64_t)sqlite3_column_int64(s, 0),
			.webhook = sqlite_db_text(s, 1),
			.topic = sqlite_db_text(s, 2),
			.key = sqlite_db_text(s, 3),
			.time_ns = sqlite3_column_int64(s, 4),
			.text = sqlite_db_text(s, 5),
		};

		result = take(arg, &message);
		code = SQLITE_DONE;
	}
	return sqlite_db_end(db, s, code, result, err);
}

int sqlite_webhooks_drop(void *self, uint64_t number, struct bw_err *err)
{
	sqlite_db_bind_unsigned(sqlite_db_statement(self, SQLITE_DO_DROP_MESSAGE), 1, number);
	return sqlite_db_run(self, SQLITE_DO_DROP_MESSAGE, err);
}

int sqlite_webhooks_drop_superseded(void *self, const char *webhook, int64_t before_ns,
				    struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_DROP_SUPERSEDED);

	sqlite_db_bind_text(s, 1, webhook);
	sqlite3_bind_int64(s, 2, before_ns);
	return sqlite_db_run(self, SQLITE_DO_DROP_SUPERSEDED, err);
}

int sqlite_webhooks_each(void *self, int (*take)(void *arg, const char *webhook), void *arg,
			 struct bw_err *err)
{
	sqlite3_stmt *s = sqlite_db_statement(self, SQLITE_DO_EACH_WEBHOOK);
	int code = SQLITE_DONE, result = 0;

	while (result == 0 && (code = sqlite3_step(s)) == SQLITE_ROW)
		result = take(arg, sqlite_db_text(s, 0));
	return sqlite_db_end(self, s, code, result, err);
}

int sqlite_webhooks_drop_all(void *self, const char *webhook, struct bw_err *err)
{
	int result;

	sqlite_db_bind_text(sqlite_db_statement(self, SQLITE_DO_DROP_MESSAGES), 1, webhook);
	result = sqlite_db_run(self, SQLITE_DO_DROP_MESSAGES, err);
	if (result < 0)
		return result;
	sqlite_db_bind_text(sqlite_db_statement(self, SQLITE_DO_DROP_WEBHOOK_TOLD), 1, webhook);
	return sqlite_db_run(self, SQLITE_DO_DROP_WEBHOOK_TOLD, err);
}

int sqlite_webhooks_put_told(void *self, const char *webhook, const char *topic, int value,
			     struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_PUT_WEBHOOK_TOLD);

	sqlite_db_bind_text(s, 1, webhook);
	sqlite_db_bind_text(s, 2, topic);
	sqlite3_bind_int(s, 3, value);
	return sqlite_db_run(db, SQLITE_DO_PUT_WEBHOOK_TOLD, err);
}

int sqlite_webhooks_get_told(void *self, const char *webhook, const char *topic, int *ret_value,
			     struct bw_err *err)
{
	struct sqlite_db *db = self;
	sqlite3_stmt *s = sqlite_db_statement(db, SQLITE_DO_GET_WEBHOOK_TOLD);
	int code;

	sqlite_db_bind_text(s, 1, webhook);
	sqlite_db_bind_text(s, 2, topic);
	code = sqlite3_step(s);
	if (code == SQLITE_ROW) {
		*ret_value = sqlite3_column_int(s, 0);
		code = SQLITE_DONE;
	}
	return sqlite_db_end(db, s, code, 0, err);
}
