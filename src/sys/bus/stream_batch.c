/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/stream_batch.h"

#include <stdlib.h>

struct stream_batch *stream_batch_new(void)
{
	return calloc(1, sizeof(struct stream_batch));
}

void stream_batch_free(struct stream_batch *batch)
{
	if (!batch)
		return;
	stream_batch_clear(batch);
	free(batch);
}

bool stream_batch_add(struct stream_batch *batch, natsMsg *msg)
{
	jsMsgMetaData *about = NULL;

	if (batch->count == DURABLE_BATCH || natsMsg_GetMetaData(&about, msg) != NATS_OK) {
		natsMsg_Destroy(msg);
		return false;
	}
	batch->list[batch->count] = (struct stream_message){
		.subject = natsMsg_GetSubject(msg),
		.text = natsMsg_GetData(msg),
		.length = (size_t)natsMsg_GetDataLength(msg),
		.sequence = about->Sequence.Stream,
		.repeated = about->NumDelivered > 1,
	};
	batch->messages[batch->count++] = msg;
	jsMsgMetaData_Destroy(about);
	return true;
}

/* The reply subject alone matters: an acknowledgement that is lost makes the message come again. */
void stream_batch_acknowledge(const struct stream_batch *batch, natsConnection *connection)
{
	for (size_t i = 0; i < batch->count; i++)
		natsConnection_PublishString(connection, natsMsg_GetReply(batch->messages[i]),
					     batch->list[i].refused ? "+TERM" : "+ACK");
}

void stream_batch_clear(struct stream_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		natsMsg_Destroy(batch->messages[i]);
	batch->count = 0;
}
