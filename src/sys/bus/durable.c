/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/durable.h"

#include <stdbool.h>
#include <stdio.h>

#define ACK_PENDING 20000 /* messages that several collectors may have at once */

static int64_t least(int64_t ours, int64_t limit)
{
	return limit > 0 && limit < ours ? limit : ours;
}

static void read_info(const jsConsumerInfo *info, struct durable *ret_durable)
{
	*ret_durable = (struct durable){
		.created = info->Created,
		.floor = info->AckFloor.Stream,
		.waiting = info->NumPending,
		.batch_max = least(DURABLE_BATCH, info->Config->MaxRequestBatch),
		.bytes_max = least(DURABLE_BYTES, info->Config->MaxRequestMaxBytes),
	};
}

/* NULL: it fits. */
static const char *find_flaw(const jsConsumerConfig *config)
{
	if (config->DeliverSubject && config->DeliverSubject[0])
		return "messages are pushed by it, not pulled from it";
	if (config->AckPolicy != js_AckExplicit)
		return "its ack policy is not \"explicit\"";
	if (config->HeadersOnly)
		return "it delivers headers only";
	return NULL;
}

static natsStatus make(jsCtx *js, const char *stream, const char *name, jsConsumerInfo **ret_info)
{
	jsConsumerConfig config;

	jsConsumerConfig_Init(&config);
	config.Durable = name;
	config.Description = "blockwatch collect";
	config.DeliverPolicy = js_DeliverAll;
	config.AckPolicy = js_AckExplicit;
	config.AckWait = DURABLE_ACK_WAIT_NS;
	config.MaxAckPending = ACK_PENDING;
	return js_AddConsumer(ret_info, js, stream, &config, NULL, NULL);
}

uint64_t durable_hash(const char *bytes, size_t length)
{
	uint64_t hash = 14695981039346656037U; /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)bytes[i]) * 1099511628211U;
	return hash;
}

/* Whether the message of the mark is another one now. One that was deleted is none. */
static bool is_replaced(jsCtx *js, const char *stream, const struct durable_mark *mark)
{
	natsMsg *msg = NULL;
	bool is = false;

	if (mark->sequence == 0 ||
	    js_GetMsg(&msg, js, stream, mark->sequence, NULL, NULL) != NATS_OK)
		return false;
	is = durable_hash(natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg)) != mark->hash;
	natsMsg_Destroy(msg);
	return is;
}

static natsStatus look_if_ahead(jsCtx *js, const char *stream, const jsConsumerInfo *consumer,
				const struct durable_mark *mark, bool *ret_ahead)
{
	jsStreamInfo *info = NULL;
	const natsStatus status = js_GetStreamInfo(&info, js, stream, NULL, NULL);

	if (status != NATS_OK)
		return status;
	*ret_ahead = consumer->Delivered.Stream > info->State.LastSeq ||
		     mark->sequence > info->State.LastSeq || is_replaced(js, stream, mark);
	jsStreamInfo_Destroy(info);
	return NATS_OK;
}

static natsStatus make_anew_if_ahead(jsCtx *js, const char *stream, const char *name,
				     const struct durable_mark *mark, jsConsumerInfo **info)
{
	bool ahead = false;
	natsStatus status = look_if_ahead(js, stream, *info, mark, &ahead);

	if (status != NATS_OK || !ahead)
		return status;
	jsConsumerInfo_Destroy(*info);
	*info = NULL;
	status = js_DeleteConsumer(js, stream, name, NULL, NULL);
	return status == NATS_OK ? make(js, stream, name, info) : status;
}

natsStatus durable_open(jsCtx *js, const char *stream, const char *name,
			const struct durable_mark *mark, struct durable *ret_durable,
			char text[DURABLE_TEXT])
{
	jsConsumerInfo *info = NULL;
	natsStatus status = js_GetConsumerInfo(&info, js, stream, name, NULL, NULL);
	const char *flaw;

	text[0] = '\0';
	if (status == NATS_OK && !find_flaw(info->Config))
		status = make_anew_if_ahead(js, stream, name, mark, &info);
	if (status == NATS_NOT_FOUND)
		status = make(js, stream, name, &info);
	if (status != NATS_OK) {
		jsConsumerInfo_Destroy(info);
		return status;
	}
	read_info(info, ret_durable);
	flaw = find_flaw(info->Config);
	if (flaw)
		snprintf(text, DURABLE_TEXT, "the consumer %s does not fit: %s", name, flaw);
	jsConsumerInfo_Destroy(info);
	return flaw ? NATS_INVALID_ARG : NATS_OK;
}

natsStatus durable_look(jsCtx *js, const char *stream, const char *name,
			struct durable *ret_durable)
{
	jsConsumerInfo *info = NULL;
	natsStatus status = js_GetConsumerInfo(&info, js, stream, name, NULL, NULL);

	if (status == NATS_OK)
		read_info(info, ret_durable);
	jsConsumerInfo_Destroy(info);
	return status;
}
