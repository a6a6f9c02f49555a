/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/webhook_delivery.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/lead.h"

void webhook_sign(const char *secret, const char *text, size_t length,
		  char signature[WEBHOOK_SIGNATURE_TEXT])
{
	crypto_auth_hmacsha256_state state;
	unsigned char bytes[crypto_auth_hmacsha256_BYTES];
	const size_t used = (size_t)snprintf(signature, WEBHOOK_SIGNATURE_TEXT, "sha256=");

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, length);
	crypto_auth_hmacsha256_final(&state, bytes);
	sodium_bin2hex(signature + used, WEBHOOK_SIGNATURE_TEXT - used, bytes, sizeof(bytes));
}

enum webhook_outcome webhook_judge(int status)
{
	if (status >= 200 && status < 300)
		return WEBHOOK_DELIVERED;
	if (status >= 400 && status < 500 && status != 408 && status != 425 && status != 429)
		return WEBHOOK_REFUSED;
	return WEBHOOK_FAILED;
}

/* Who takes the oldest message. */
struct taking {
	struct webhook *webhook;
	struct webhook_message *message;
};

static int take(void *arg, const struct store_message *row)
{
	struct taking *taking = arg;
	struct webhook_message *message = taking->message;

	message->text = strdup(row->text);
	if (!message->text)
		return -ENOMEM;
	message->length = strlen(message->text);
	snprintf(message->key, sizeof(message->key), "%s", row->key);
	taking->webhook->under_way = row->number;
	taking->webhook->time_ns = row->time_ns;
	return 0;
}

static void wait_longer(struct webhook *webhook, int64_t after_ns, struct bw_now now,
			struct rng *rng)
{
	webhook->next = bw_mono_add(now.mono, backoff_fail(&webhook->backoff, after_ns, rng));
}

/* Another collector leads, which sends it. */
static void give_back(struct webhook *webhook, struct webhook_message *message)
{
	free(message->text);
	message->text = NULL;
	webhook->under_way = 0;
	webhook->waits = false;
}

bool webhook_begin(struct webhook *webhook, const struct store *store, struct bw_now now,
		   struct webhook_message *ret_message, struct rng *rng)
{
	struct taking taking = {webhook, ret_message};
	int result;

	if (webhook->under_way != 0 || !webhook->waits || bw_mono_before(now.mono, webhook->next))
		return false;
	*ret_message = (struct webhook_message){.text = NULL};
	result = store->ops->drop_superseded(store->self, webhook->name,
					     now.wall.ns - WEBHOOK_PATIENCE_NS, NULL);
	if (result == 0)
		result = store->ops->first_message(store->self, webhook->name, take, &taking, NULL);
	if (result < 0)
		wait_longer(webhook, 0, now, rng);
	else
		webhook->waits = webhook->under_way != 0;
	if (ret_message->text && !lead_holds(store))
		give_back(webhook, ret_message);
	if (!ret_message->text)
		return false;
	if (webhook->secret)
		webhook_sign(webhook->secret, ret_message->text, ret_message->length,
			     ret_message->signature);
	return true;
}

/* Whether the message was refused for so long that those behind it wait no longer. */
static bool is_given_up(const struct webhook *webhook, enum webhook_outcome outcome,
			struct bw_now now)
{
	return outcome == WEBHOOK_REFUSED && now.wall.ns - webhook->time_ns > WEBHOOK_PATIENCE_NS;
}

bool webhook_end(struct webhook *webhook, const struct store *store, enum webhook_outcome outcome,
		 int64_t after_ns, struct bw_now now, struct rng *rng)
{
	const uint64_t number = webhook->under_way;

	webhook->under_way = 0;
	if (outcome != WEBHOOK_DELIVERED) {
		webhook->failures++;
		wait_longer(webhook, after_ns, now, rng);
	}
	if (outcome != WEBHOOK_DELIVERED && !is_given_up(webhook, outcome, now))
		return true;
	if (store->ops->drop_message(store->self, number, NULL) < 0) {
		wait_longer(webhook, 0, now, rng); /* it is sent again, with the same key */
		return true;
	}
	if (outcome != WEBHOOK_DELIVERED)
		return false;
	webhook->delivered++;
	backoff_reset(&webhook->backoff);
	return true;
}

struct bw_mono webhook_deadline(const struct webhook *webhook)
{
	return webhook->waits && webhook->under_way == 0 ? webhook->next : BW_NEVER;
}
