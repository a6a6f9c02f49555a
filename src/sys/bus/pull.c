/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/pull.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/machine/clock.h"

#define EXPIRES_NS (10 * BW_S) /* of a request, at the server */
#define OVERDUE_NS (5 * BW_S)  /* and nothing came for so long behind that */
#define REQUEST_SUBJECT 640

struct pull {
	void (*changed)(void *self);
	void *self;
	pthread_mutex_t lock;
	struct stream_batch *batch;
	size_t left; /* messages of the open request that have not come; 0: none is open */
	struct bw_mono until;
	struct pull_state state;
	natsSubscription *subscription; /* NULL: closed */
	atomic_int inside;              /* threads of libnats in on_message() */
	bool huge;                      /* the next message is larger than a request may be */
	/* Of the caller's thread alone: */
	natsConnection *connection;
	natsInbox *inbox;
	char subject[REQUEST_SUBJECT];
	struct durable limits;
};

int pull_new(void (*changed)(void *self), void *self, struct pull **ret_pull)
{
	struct pull *pull = calloc(1, sizeof(*pull));

	if (pull)
		pull->batch = stream_batch_new();
	if (!pull || !pull->batch) {
		free(pull);
		return -ENOMEM;
	}
	pull->changed = changed;
	pull->self = self;
	pthread_mutex_init(&pull->lock, NULL);
	*ret_pull = pull;
	return 0;
}

void pull_free(struct pull *pull)
{
	if (!pull)
		return;
	pull_close(pull);
	while (atomic_load(&pull->inside) > 0)
		sched_yield();
	stream_batch_free(pull->batch);
	pthread_mutex_destroy(&pull->lock);
	free(pull);
}

static bool begins_with(const char *text, const char *begin)
{
	return strncmp(text, begin, strlen(begin)) == 0;
}

/*
 * The server ends a request: 404 and 408, it has no more messages for it; 409 for a reason; 503,
 * nobody hears the request.
 */
static void end_request(struct pull *pull, const char *status, const char *reason)
{
	pull->left = 0;
	if (strcmp(status, "404") == 0 || strcmp(status, "408") == 0 ||
	    begins_with(reason, "Batch Completed"))
		return;
	if (begins_with(reason, "Message Size Exceeds MaxBytes"))
		pull->huge = true;
	else if (strcmp(status, "503") == 0 || strstr(reason, "Deleted") ||
		 begins_with(reason, "Leadership Change") || begins_with(reason, "Server Shutdown"))
		pull->state.gone = true;
	else
		snprintf(pull->state.error, sizeof(pull->state.error), "%s %s", status, reason);
}

static void take_status(struct pull *pull, natsMsg *msg)
{
	const char *status = NULL, *reason = NULL;

	if (natsMsgHeader_Get(msg, "Status", &status) != NATS_OK)
		return;
	if (natsMsgHeader_Get(msg, "Description", &reason) != NATS_OK)
		reason = "";
	if (strcmp(status, "100") != 0)
		end_request(pull, status, reason);
}

/* A message of the stream has the subject of its acknowledgement; what the server says has none. */
static void take_message(struct pull *pull, natsMsg *msg)
{
	if (!natsMsg_GetReply(msg)) {
		take_status(pull, msg);
		natsMsg_Destroy(msg);
		return;
	}
	if (pull->left > 0)
		pull->left--;
	if (!stream_batch_add(pull->batch, msg))
		return;
	if (pull->batch->count == 1)
		pull->state.since = clock_now().mono;
}

/* Messages for a subscription that was closed come again. */
static void on_message(natsConnection *connection, natsSubscription *subscription, natsMsg *msg,
		       void *self)
{
	struct pull *pull = self;
	bool ours, first;

	(void)connection;
	atomic_fetch_add(&pull->inside, 1);
	pthread_mutex_lock(&pull->lock);
	ours = pull->subscription == subscription;
	if (ours)
		take_message(pull, msg);
	else
		natsMsg_Destroy(msg);
	first = ours && (pull->batch->count == 1 || pull->left == 0);
	pthread_mutex_unlock(&pull->lock);
	if (first)
		pull->changed(pull->self);
	atomic_fetch_sub(&pull->inside, 1);
}

static void reset(struct pull *pull, natsSubscription *subscription)
{
	pthread_mutex_lock(&pull->lock);
	stream_batch_clear(pull->batch);
	pull->left = 0;
	pull->huge = false;
	pull->state = (struct pull_state){.count = 0};
	pull->subscription = subscription;
	pthread_mutex_unlock(&pull->lock);
}

natsStatus pull_open(struct pull *pull, natsConnection *connection, const char *stream,
		     const char *durable, const struct durable *limits)
{
	natsSubscription *subscription = NULL;
	natsStatus status;

	pull_close(pull);
	pull->connection = connection;
	pull->limits = *limits;
	snprintf(pull->subject, sizeof(pull->subject), "$JS.API.CONSUMER.MSG.NEXT.%s.%s", stream,
		 durable);
	status = natsInbox_Create(&pull->inbox);
	if (status == NATS_OK)
		status = natsConnection_Subscribe(&subscription, connection, pull->inbox,
						  on_message, pull);
	if (status == NATS_OK)
		reset(pull, subscription);
	return status;
}

void pull_close(struct pull *pull)
{
	natsSubscription *subscription = pull->subscription;

	reset(pull, NULL);
	natsSubscription_Destroy(subscription);
	natsInbox_Destroy(pull->inbox);
	pull->inbox = NULL;
}

/* How many messages are asked for; 0: none now. A message that is too large comes alone. */
static size_t begin_request(struct pull *pull, struct bw_mono now, bool *ret_huge)
{
	size_t count = 0;

	pthread_mutex_lock(&pull->lock);
	*ret_huge = pull->huge;
	if (pull->left == 0 && pull->batch->count == 0 && !pull->state.gone) {
		count = pull->huge ? 1 : (size_t)pull->limits.batch_max;
		pull->huge = false;
		pull->left = count;
		pull->until = bw_mono_add(now, EXPIRES_NS + OVERDUE_NS);
		pull->state.error[0] = '\0';
	}
	pthread_mutex_unlock(&pull->lock);
	return count;
}

natsStatus pull_ask(struct pull *pull, struct bw_mono now)
{
	char request[160];
	bool huge;
	const size_t count = begin_request(pull, now, &huge);
	int length;

	if (count == 0)
		return NATS_OK;
	length = snprintf(request, sizeof(request), "{\"batch\":%zu,\"expires\":%" PRId64, count,
			  (int64_t)EXPIRES_NS);
	if (!huge)
		length += snprintf(request + length, sizeof(request) - (size_t)length,
				   ",\"max_bytes\":%" PRId64, pull->limits.bytes_max);
	snprintf(request + length, sizeof(request) - (size_t)length, "}");
	return natsConnection_PublishRequestString(pull->connection, pull->subject, pull->inbox,
						   request);
}

void pull_look(struct pull *pull, struct bw_mono now, struct pull_state *ret_state)
{
	pthread_mutex_lock(&pull->lock);
	if (pull->left > 0 && !bw_mono_before(now, pull->until))
		pull->state.gone = true;
	*ret_state = pull->state;
	ret_state->count = pull->batch->count;
	ret_state->asked = pull->left > 0;
	pthread_mutex_unlock(&pull->lock);
}

struct stream_batch *pull_take(struct pull *pull, struct stream_batch *empty)
{
	struct stream_batch *full;

	pthread_mutex_lock(&pull->lock);
	full = pull->batch;
	pull->batch = empty;
	pthread_mutex_unlock(&pull->lock);
	return full;
}
