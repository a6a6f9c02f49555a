/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/stream_session.h"

#include <stdio.h>
#include <string.h>

#include "ship/format/confirmation.h"
#include "ship/format/subject.h"

#define LOOK_NS (BW_S / 4)       /* between looks at the consumer, to confirm */
#define LOOK_IDLE_NS (10 * BW_S) /* and to know how many messages wait */

static natsStatus open_consumer(struct stream_session *session, char text[NATS_LINK_TEXT])
{
	const struct nats_link_options *link = session->link;
	jsOptions options;
	natsStatus status;

	jsOptions_Init(&options);
	options.Wait = link->timeout_ns / 1000000;
	status = natsConnection_JetStream(&session->js, session->connection, &options);
	if (status == NATS_OK)
		status = durable_open(session->js, link->stream, session->consumer, &session->mark,
				      &session->durable, text);
	if (status == NATS_OK)
		status = pull_open(session->pull, session->connection, link->stream,
				   session->consumer, &session->durable);
	return status;
}

bool stream_session_open(struct stream_session *session, natsConnection *connection,
			 const struct nats_link_news *link, struct bw_mono now,
			 char text[NATS_LINK_TEXT])
{
	natsStatus status;

	text[0] = '\0';
	session->connection = connection;
	session->open = true; /* so that it is closed whatever part of it fails */
	if (session->created != link->created)
		session->mark = (struct durable_mark){0};
	session->created = link->created;
	session->looked = now;
	snprintf(session->peer, sizeof(session->peer), "%s", link->peer);
	status = open_consumer(session, text);
	if (status == NATS_OK) {
		if (session->durable.floor == 0)
			session->mark = (struct durable_mark){0};
		return true;
	}
	if (!text[0])
		snprintf(text, NATS_LINK_TEXT, "the consumer %s cannot be used: %s",
			 session->consumer, natsStatus_GetText(status));
	stream_session_close(session);
	return false;
}

void stream_session_close(struct stream_session *session)
{
	if (!session->open)
		return;
	session->open = false;
	pull_close(session->pull);
	jsCtx_Destroy(session->js);
	session->js = NULL;
	confirmations_clear(&session->confirmations);
}

static void set_mark(struct stream_session *session, const struct stream_batch *batch)
{
	const struct stream_message *last = NULL;

	for (size_t i = 0; i < batch->count; i++)
		if (batch->list[i].sequence > (last ? last->sequence : session->mark.sequence))
			last = &batch->list[i];
	if (last)
		session->mark = (struct durable_mark){last->sequence,
						      durable_hash(last->text, last->length)};
}

void stream_session_settle(struct stream_session *session, const struct stream_batch *batch)
{
	struct ship_line line;

	stream_batch_acknowledge(batch, session->connection);
	set_mark(session, batch);
	for (size_t i = 0; i < batch->count; i++) {
		const struct stream_message *message = &batch->list[i];

		if (!message->refused && ship_line_scan(message->text, message->length, &line) == 0)
			confirmations_note(&session->confirmations, &line, message->sequence);
	}
	confirmations_end_batch(&session->confirmations);
}

static void confirm(void *arg, const char *vantage, const struct confirmations_mark *mark)
{
	const struct stream_session *session = arg;
	struct confirmation confirmation = {.seq = mark->seq,
					    .created = session->created,
					    .sequence = session->durable.floor};
	char subject[SUBJECT_MAX], text[CONFIRMATION_TEXT];

	snprintf(confirmation.vantage, sizeof(confirmation.vantage), "%s", vantage);
	snprintf(confirmation.boot, sizeof(confirmation.boot), "%s", mark->boot);
	snprintf(confirmation.stream, sizeof(confirmation.stream), "%s", session->link->stream);
	if (subject_make_confirmed(vantage, subject, sizeof(subject)) == 0 &&
	    confirmation_encode(&confirmation, text, sizeof(text)) > 0)
		natsConnection_PublishString(session->connection, subject, text);
}

struct bw_mono stream_session_look_at(const struct stream_session *session)
{
	const bool pending = confirmations_are_pending(&session->confirmations);

	return bw_mono_add(session->looked, pending ? LOOK_NS : LOOK_IDLE_NS);
}

bool stream_session_look(struct stream_session *session, struct bw_mono now,
			 char text[NATS_LINK_TEXT])
{
	const int64_t created = session->durable.created;
	const natsStatus status = durable_look(session->js, session->link->stream,
					       session->consumer, &session->durable);
	const bool gone = status == NATS_NOT_FOUND || session->durable.created != created;

	session->looked = now;
	if (status == NATS_OK && !gone) {
		confirmations_pass(&session->confirmations, session->durable.floor, confirm,
				   session);
		return true;
	}
	snprintf(text, NATS_LINK_TEXT, "%s",
		 gone ? STREAM_SESSION_GONE : "the server does not answer");
	return false;
}
