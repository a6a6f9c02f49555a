/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/durable.h"

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

natsStatus durable_open(jsCtx *js, const char *stream, const char *name,
			struct durable *ret_durable, char *text, size_t size)
{
	jsConsumerInfo *info = NULL;
	natsStatus status = js_GetConsumerInfo(&info, js, stream, name, NULL, NULL);
	const char *flaw;

	text[0] = '\0';
	if (status == NATS_NOT_FOUND)
		status = make(js, stream, name, &info);
	if (status != NATS_OK)
		return status;
	read_info(info, ret_durable);
	flaw = find_flaw(info->Config);
	if (flaw)
		snprintf(text, size, "the consumer %s does not fit: %s", name, flaw);
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
