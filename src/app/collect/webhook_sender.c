/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/webhook_sender.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/common/log.h"
#include "collect/tell/webhook_delivery.h"
#include "sys/http/http_client.h"
#include "sys/http/http_post.h"
#include "sys/loop/child.h"
#include "sys/machine/clock.h"

#define ANSWER_MAX ((size_t)64 << 10)
#define SIGNATURE "X-Blockwatch-Signature: "
#define PATIENCE_NS (50 * BW_MS) /* for a command, at the end */

struct sender {
	struct webhook_senders *all;
	struct webhook *webhook;
	size_t number; /* in the configuration */
	struct http_peer peer;
	struct http_post *post; /* NULL: it is a command */
	const char **command;   /* ends with NULL */
	struct child *child;    /* that runs; or NULL */
	struct bw_mono kill_at;
	struct webhook_message message;
};

struct webhook_senders {
	struct sender list[WEBHOOKS_MAX];
	size_t count;
	struct collector *collector;
	struct loop *loop;
	struct http *http;
	size_t next; /* who is asked first */
	bool ends;
};

static void log_failure(const struct sender *sender, int status, const char *why)
{
	if (sender->webhook->backoff.failures != 1)
		return;
	if (why)
		log_warn("webhooks[%zu]: %s; it is tried again until it works", sender->number,
			 why);
	else
		log_warn("webhooks[%zu]: %s %d; it is tried again until it works", sender->number,
			 sender->post ? "the answer is" : "the command exits with", status);
}

static void finish(struct sender *sender, enum webhook_outcome outcome, int64_t after_ns)
{
	struct collector *collector = sender->all->collector;

	free(sender->message.text);
	sender->message.text = NULL;
	if (!webhook_end(sender->webhook, &collector->store, outcome, after_ns, clock_now(),
			 &collector->webhooks.rng))
		log_warn("webhooks[%zu]: it has refused a message for a day, which is given up",
			 sender->number);
	loop_wake(sender->all->loop);
}

static void settle(struct sender *sender, enum webhook_outcome outcome, int64_t after_ns,
		   int status, const char *why)
{
	const unsigned failures = sender->webhook->backoff.failures;

	finish(sender, outcome, after_ns);
	if (outcome != WEBHOOK_DELIVERED)
		log_failure(sender, status, why);
	else if (failures > 0)
		log_info("webhooks[%zu]: it works again", sender->number);
}

static void on_answer(void *self, const struct http_post_result *result)
{
	const struct answer *answer = &result->answer;

	settle(self, webhook_judge(answer->status), answer->retry_after_ns, answer->status,
	       answer->status ? NULL : answer->text);
}

static void on_exit_of(void *self, int status, int signal)
{
	struct sender *sender = self;

	sender->child = NULL;
	settle(sender, status == 0 && signal == 0 ? WEBHOOK_DELIVERED : WEBHOOK_FAILED, 0, status,
	       signal ? "the command was ended by a signal" : NULL);
}

static int post(struct sender *sender)
{
	const struct webhook_message *message = &sender->message;
	char signature[sizeof(SIGNATURE) + WEBHOOK_SIGNATURE_TEXT];
	const char *const headers[] = {message->signature[0] ? signature : NULL, NULL};
	const struct http_post_body body = {
		.bytes = message->text,
		.length = message->length,
		.key = message->key,
		.headers = headers,
	};

	snprintf(signature, sizeof(signature), SIGNATURE "%s", message->signature);
	return http_post_send(sender->post, &body);
}

static int run(struct sender *sender, struct bw_now now)
{
	const struct child_options options = {
		.file = sender->command[0],
		.args = sender->command,
		.input = sender->message.text,
		.on_exit = on_exit_of,
		.self = sender,
	};

	sender->kill_at = bw_mono_add(now.mono, WEBHOOK_COMMAND_NS);
	return child_start(sender->all->loop, &options, &sender->child, NULL);
}

static void begin(struct sender *sender, struct bw_now now)
{
	struct collector *collector = sender->all->collector;
	int code;

	if (!webhook_begin(sender->webhook, &collector->store, now, &sender->message,
			   &collector->webhooks.rng))
		return;
	code = sender->post ? post(sender) : run(sender, now);
	if (code < 0)
		settle(sender, WEBHOOK_FAILED, 0, 0, bw_error_text(code));
}

static struct bw_mono mind_command(struct sender *sender, struct bw_now now)
{
	if (!sender->child)
		return BW_NEVER;
	if (!bw_mono_before(now.mono, sender->kill_at)) {
		child_signal(sender->child, SIGKILL);
		sender->kill_at = BW_NEVER;
	}
	return sender->kill_at;
}

static size_t count_sending(const struct webhook_senders *senders)
{
	size_t count = 0;

	for (size_t n = 0; n < senders->count; n++)
		count += senders->list[n].webhook->under_way != 0;
	return count;
}

/* With all places taken the end of a transfer wakes. */
static struct bw_mono deadline_of(const struct webhook_senders *senders)
{
	struct bw_mono deadline = http_deadline(senders->http);

	if (senders->ends)
		return deadline;
	for (size_t n = 0; n < senders->count && count_sending(senders) < WEBHOOK_SENDING_MAX; n++)
		deadline = bw_mono_min(deadline, webhook_deadline(senders->list[n].webhook));
	return deadline;
}

struct bw_mono webhook_senders_wake(struct webhook_senders *senders, struct bw_now now)
{
	struct bw_mono kill_at = BW_NEVER;

	if (senders->count == 0)
		return BW_NEVER;
	http_wake(senders->http, now);
	for (size_t i = 0; i < senders->count; i++) {
		struct sender *sender = &senders->list[(senders->next + i) % senders->count];

		if (!senders->ends && count_sending(senders) < WEBHOOK_SENDING_MAX)
			begin(sender, now);
		kill_at = bw_mono_min(kill_at, mind_command(sender, now));
	}
	senders->next = (senders->next + 1) % senders->count;
	return bw_mono_min(kill_at, deadline_of(senders));
}

bool webhook_senders_end(struct webhook_senders *senders)
{
	senders->ends = true;
	return count_sending(senders) > 0;
}

static int open_command(struct sender *sender, const struct keys_texts *texts, struct bw_err *err)
{
	sender->command = calloc(texts->count + 1, sizeof(sender->command[0]));
	if (!sender->command)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t n = 0; n < texts->count; n++)
		sender->command[n] = texts->list[n].text;
	return 0;
}

static int open_sender(struct sender *sender, const struct conf_collect_webhook *conf,
		       struct bw_err *err)
{
	if (conf->command.count > 0)
		return open_command(sender, &conf->command, err);
	sender->peer = (struct http_peer){
		.url = conf->url,
		.content_type = "application/json",
		.timeout_ns = WEBHOOK_TIMEOUT_NS,
		.answer_max = ANSWER_MAX,
	};
	return http_post_new(sender->all->http, &sender->peer, on_answer, sender, &sender->post,
			     err);
}

int webhook_senders_new(const struct collect_config *config, struct collector *collector,
			struct loop *loop, struct webhook_senders **ret_senders, struct bw_err *err)
{
	struct webhook_senders *senders = calloc(1, sizeof(*senders));
	int code = 0;

	if (!senders)
		return bw_err_set(err, -ENOMEM, "out of memory");
	*ret_senders = senders;
	senders->collector = collector;
	senders->loop = loop;
	if (config->conf.webhooks.count > 0)
		code = http_new(loop, &senders->http, err);
	for (size_t n = 0; n < config->conf.webhooks.count && code == 0; n++) {
		struct sender *sender = &senders->list[senders->count++];

		*sender = (struct sender){
			.all = senders,
			.webhook = &collector->webhooks.list[n],
			.number = n,
		};
		code = open_sender(sender, &config->conf.webhooks.list[n], err);
	}
	return code;
}

void webhook_senders_free(struct webhook_senders *senders)
{
	for (size_t n = 0; senders && n < senders->count; n++) {
		struct sender *sender = &senders->list[n];

		http_post_free(sender->post);
		if (sender->child) {
			child_signal(sender->child, SIGTERM);
			child_end(sender->child, PATIENCE_NS);
		}
		free(sender->command);
		free(sender->message.text);
	}
	if (senders)
		http_free(senders->http);
	free(senders);
}
