/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/webhooks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/lead.h"

#define RETRY_NS (5 * BW_S) /* after the store has failed */
#define TOPIC_TEXT (2 * SUBJECT_TEXT + 16)

static bool wants(const struct webhook *webhook, const char *target)
{
	for (size_t n = 0; n < webhook->target_count; n++)
		if (strcmp(webhook->targets[n], target) == 0)
			return true;
	return webhook->target_count == 0;
}

static void format_topic(char topic[TOPIC_TEXT], enum bw_scope scope, const char *target,
			 const char *subject)
{
	if (scope == BW_SCOPE_TARGET)
		snprintf(topic, TOPIC_TEXT, "target %s", target);
	else
		snprintf(topic, TOPIC_TEXT, "%s %s %s", bw_scope_name(scope), target, subject);
}

static int put(struct webhook *webhook, const struct store_message *message, int value,
	       const struct store *store, struct bw_err *err)
{
	int result = store->ops->put_message(store->self, message, err);

	webhook->waits = true;
	return result < 0 ? result
			  : store->ops->put_webhook_told(store->self, webhook->name, message->topic,
							 value, err);
}

static int put_event(struct webhook *webhook, const struct store_told *told, const char *text,
		     int64_t now_ns, const struct store *store, struct bw_err *err)
{
	char topic[TOPIC_TEXT], key[24];
	const struct store_message message = {
		.webhook = webhook->name,
		.topic = topic,
		.key = key,
		.time_ns = now_ns,
		.text = text,
	};

	format_topic(topic, told->scope, told->target, told->subject);
	snprintf(key, sizeof(key), "%" PRIu64, told->event);
	return put(webhook, &message, (int)told->verdict, store, err);
}

int webhooks_tell(struct webhooks *webhooks, const struct event *event, const char *text,
		  const struct store *store, struct bw_err *err)
{
	const struct store_told told = {event->target, event->subject, event->scope, event->to,
					event->id};
	int result = 0;

	if (event->scope == BW_SCOPE_BLOCK)
		return 0;
	for (size_t n = 0; n < webhooks->count && result == 0; n++)
		if (wants(&webhooks->list[n], event->target))
			result = put_event(&webhooks->list[n], &told, text, event->now_ns, store,
					   err);
	return result;
}

/* What differs between the events of the store and what one webhook was told. */
struct catch_up {
	struct webhook *webhook;
	const struct board *board;
	const struct store *store;
	int64_t now_ns;
	struct bw_err *err;
	char *text; /* of the event that was found */
};

static int keep_text(void *arg, uint64_t id, const char *text)
{
	struct catch_up *catch_up = arg;

	(void)id;
	catch_up->text = strdup(text);
	return catch_up->text ? 0 : -ENOMEM;
}

static int put_missed(struct catch_up *catch_up, const struct store_told *told)
{
	const struct store *store = catch_up->store;
	int result = store->ops->events_before(store->self, told->event + 1, 1, keep_text, catch_up,
					       catch_up->err);

	if (result == 0 && catch_up->text)
		result = put_event(catch_up->webhook, told, catch_up->text, catch_up->now_ns, store,
				   catch_up->err);
	free(catch_up->text);
	catch_up->text = NULL;
	return result;
}

static int compare(void *arg, const struct subject *subject)
{
	struct catch_up *catch_up = arg;
	const struct store *store = catch_up->store;
	char text[SUBJECT_TEXT], topic[TOPIC_TEXT];
	struct store_told told = {
		.target = board_target(catch_up->board, subject->target)->name,
		.subject = subject_format(catch_up->board, subject, text),
		.scope = subject->scope,
	};
	int known = BW_UNKNOWN, result;

	if (subject->scope == BW_SCOPE_BLOCK || !wants(catch_up->webhook, told.target))
		return 0;
	format_topic(topic, told.scope, told.target, told.subject);
	result = store->ops->get_told(store->self, &told, catch_up->err);
	if (result == 0)
		result = store->ops->get_webhook_told(store->self, catch_up->webhook->name, topic,
						      &known, catch_up->err);
	if (result < 0 || told.event == 0 || known == (int)told.verdict)
		return result;
	/* To be up is news for those alone who were told of something else. */
	return known == BW_UNKNOWN && told.verdict == BW_UP ? 0 : put_missed(catch_up, &told);
}

static int load_silent(struct webhook *webhook, const struct fleet *fleet,
		       const struct store *store, struct bw_err *err)
{
	int result = 0;

	for (size_t n = 0; n < fleet->count && result == 0; n++) {
		char topic[TOPIC_TEXT];
		int silent = 0;

		snprintf(topic, sizeof(topic), "vantage %s", fleet->list[n].name);
		result = store->ops->get_webhook_told(store->self, webhook->name, topic, &silent,
						      err);
		webhook->silent[n] = silent != 0;
	}
	return result;
}

/* Who is in the store. */
struct names {
	const struct webhooks *webhooks;
	struct array former; /* char *: those that are not configured any more */
};

static int take_name(void *arg, const char *webhook)
{
	struct names *names = arg;
	char *copy;

	for (size_t n = 0; n < names->webhooks->count; n++)
		if (strcmp(names->webhooks->list[n].name, webhook) == 0)
			return 0;
	copy = strdup(webhook);
	if (copy && array_add(&names->former, &copy) >= 0)
		return 0;
	free(copy);
	return -ENOMEM;
}

/* Nobody will ever be told what waits for a webhook that was taken out of the configuration. */
static int drop_former(const struct webhooks *webhooks, const struct store *store,
		       struct bw_err *err)
{
	struct names names = {webhooks, array_of(sizeof(char *))};
	int result = store->ops->each_webhook(store->self, take_name, &names, err);

	for (uint32_t n = 0; n < names.former.count; n++) {
		char *name = *(char **)array_at(&names.former, n);

		if (result == 0)
			result = store->ops->drop_webhook(store->self, name, err);
		free(name);
	}
	array_fini(&names.former);
	return result;
}

int webhooks_load(struct webhooks *webhooks, const struct fleet *fleet, const struct board *board,
		  const struct store *store, struct bw_err *err)
{
	struct catch_up catch_up = {
		.board = board,
		.store = store,
		.now_ns = webhooks->started.ns,
		.err = err,
	};
	int result;

	result = lead_begin(store, err);
	if (result < 0)
		return result;
	result = drop_former(webhooks, store, err);
	for (size_t n = 0; n < webhooks->count && result == 0; n++) {
		catch_up.webhook = &webhooks->list[n];
		catch_up.webhook->waits = true;
		result = load_silent(catch_up.webhook, fleet, store, err);
		if (result == 0)
			result = subject_each(board, compare, &catch_up);
	}
	if (result == 0)
		result = store->ops->commit(store->self, err);
	if (result < 0)
		store->ops->rollback(store->self);
	return result;
}

/*
 * When a vantage that was heard of is silent. What it sends while nobody listens is heard later: it
 * gets as long after a start.
 */
static int64_t silent_from(const struct webhooks *webhooks, const struct fleet *fleet,
			   const struct fleet_member *member)
{
	const int64_t stale_ns = fleet_stale_ns(fleet, member);
	const int64_t wait_ns = stale_ns > WEBHOOKS_SILENT_NS ? stale_ns : WEBHOOKS_SILENT_NS;
	const int64_t heard_ns =
		member->last.ns > webhooks->started.ns ? member->last.ns : webhooks->started.ns;

	return member->last.ns == 0 ? INT64_MAX : heard_ns + wait_ns + 1;
}

static int tell_vantage(struct webhook *webhook, const struct fleet_member *member, bool silent,
			struct bw_wall now, const struct store *store)
{
	char topic[TOPIC_TEXT], key[TOPIC_TEXT + 48], text[TOPIC_TEXT + 48];
	const struct store_message message = {
		.webhook = webhook->name,
		.topic = topic,
		.key = key,
		.time_ns = now.ns,
		.text = text,
	};

	snprintf(topic, sizeof(topic), "vantage %s", member->name);
	snprintf(key, sizeof(key), "%s-%s-%" PRId64, member->name, silent ? "silent" : "back",
		 now.ns);
	/* A name has no character that JSON would escape. */
	snprintf(text, sizeof(text), "{\"vantage\":\"%s\",\"silent\":%s}", member->name,
		 silent ? "true" : "false");
	return put(webhook, &message, silent, store, NULL);
}

/* It is back when it was heard of, not when we begin to listen. */
static bool is_silent(const struct webhooks *webhooks, const struct fleet *fleet, size_t number,
		      bool was, struct bw_wall now)
{
	const struct fleet_member *member = &fleet->list[number];

	return was ? fleet_is_silent(fleet, member, now)
		   : silent_from(webhooks, fleet, member) <= now.ns;
}

static int tell_changes(const struct webhooks *webhooks, struct webhook *webhook,
			const struct fleet *fleet, struct bw_wall now, const struct store *store)
{
	int result = 0;

	for (size_t n = 0; n < fleet->count && result == 0; n++) {
		const bool silent = is_silent(webhooks, fleet, n, webhook->silent[n], now);

		if (silent != webhook->silent[n])
			result = tell_vantage(webhook, &fleet->list[n], silent, now, store);
	}
	return result;
}

static bool has_changed(const struct webhooks *webhooks, const struct fleet *fleet,
			struct bw_wall now)
{
	for (size_t i = 0; i < webhooks->count; i++)
		for (size_t n = 0; n < fleet->count; n++) {
			const bool was = webhooks->list[i].silent[n];

			if (is_silent(webhooks, fleet, n, was, now) != was)
				return true;
		}
	return false;
}

static void settle(struct webhooks *webhooks, const struct fleet *fleet, struct bw_wall now)
{
	for (size_t i = 0; i < webhooks->count; i++)
		for (size_t n = 0; n < fleet->count; n++) {
			bool *silent = &webhooks->list[i].silent[n];

			*silent = is_silent(webhooks, fleet, n, *silent, now);
		}
}

static int tell_all(struct webhooks *webhooks, const struct fleet *fleet, struct bw_wall now,
		    const struct store *store)
{
	int result = lead_begin(store, NULL);

	if (result < 0)
		return result;
	for (size_t n = 0; n < webhooks->count && result == 0; n++)
		result = tell_changes(webhooks, &webhooks->list[n], fleet, now, store);
	if (result == 0)
		result = store->ops->commit(store->self, NULL);
	if (result < 0)
		store->ops->rollback(store->self);
	return result;
}

static int64_t next_silence(const struct webhooks *webhooks, const struct fleet *fleet,
			    struct bw_wall now)
{
	int64_t next = INT64_MAX;

	for (size_t n = 0; n < fleet->count; n++) {
		const int64_t from = silent_from(webhooks, fleet, &fleet->list[n]);

		if (from > now.ns && from < next)
			next = from;
	}
	return next;
}

int64_t webhooks_watch(struct webhooks *webhooks, const struct fleet *fleet, struct bw_wall now,
		       const struct store *store)
{
	if (webhooks->count == 0)
		return INT64_MAX;
	if (has_changed(webhooks, fleet, now)) {
		if (tell_all(webhooks, fleet, now, store) < 0)
			return now.ns + RETRY_NS;
		settle(webhooks, fleet, now);
	}
	return next_silence(webhooks, fleet, now);
}
