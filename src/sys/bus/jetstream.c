/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/jetstream.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ship/format/framing.h"
#include "ship/format/subject.h"
#include "ship/line.h"
#include "sys/bus/acks.h"
#include "sys/machine/clock.h"

/*
 * A batch goes through three steps: it waits for the link (connected, and the stream is there); its
 * messages are published; the acknowledgements come. It ends when all have come, when the link
 * fails, or when the time is over. An error acknowledgement means "not stored": the record is sent
 * again, under the same id.
 */

struct jetstream_lane {
	struct jetstream *jetstream;
	jetstream_done done;
	void *self;
	jsCtx *js; /* its acknowledgements come to this lane; NULL: not made yet */
	struct acks acks;
	int event_fd;      /* of the jetstream */
	atomic_int inside; /* threads of libnats in on_ack() */
	bool under_way, published;
	uint64_t highest; /* number in the stream of what was acknowledged */
	struct batch_slice slice;
	uint8_t *items;
	struct bw_mono deadline;
};

struct jetstream {
	struct loop *loop;
	struct nats_link *link;
	const struct nats_link_options *options;
	const char *template;
	int event_fd; /* readable: there is news from a thread */
	struct jetstream_lane *lanes[JETSTREAM_LANES];
};

/* From any thread. */
static void notify_fd(int fd)
{
	uint64_t one = 1;

	(void)!write(fd, &one, sizeof(one));
}

static void notify(void *self)
{
	const struct jetstream *jetstream = self;

	notify_fd(jetstream->event_fd);
}

static void on_ack(jsCtx *js, natsMsg *msg, jsPubAck *ack, jsPubAckErr *error, void *self)
{
	struct jetstream_lane *lane = self;

	(void)js;
	atomic_fetch_add(&lane->inside, 1);
	if (acks_take(&lane->acks, msg, ack, error))
		notify_fd(lane->event_fd);
	natsMsg_Destroy(msg);
	atomic_fetch_sub(&lane->inside, 1);
}

static bool open_context(struct jetstream_lane *lane)
{
	jsOptions options;

	if (lane->js)
		return true;
	jsOptions_Init(&options);
	options.PublishAsync.AckHandler = on_ack;
	options.PublishAsync.AckHandlerClosure = lane;
	return natsConnection_JetStream(&lane->js, nats_link_connection(lane->jetstream->link),
					&options) == NATS_OK;
}

/* The line without its newline, under its subject and id. Returns NULL for what is no record. */
static natsMsg *make_message(const struct jetstream_lane *lane, size_t n, char *id)
{
	char subject[SUBJECT_MAX];
	struct ship_line line;
	natsMsg *msg = NULL;
	size_t length;
	const char *text = batch_slice_line(&lane->slice, n, &length);

	if (ship_line_scan(text, length, &line) < 0 ||
	    subject_make(lane->jetstream->template, &line, subject, sizeof(subject)) < 0)
		return NULL;
	framing_id(&line, id);
	if (natsMsg_Create(&msg, subject, NULL, text, (int)length - 1) != NATS_OK)
		return NULL;
	return msg;
}

static natsStatus publish_line(struct jetstream_lane *lane, size_t n)
{
	char id[FRAMING_ID_TEXT];
	natsMsg *msg = make_message(lane, n, id);
	jsPubOptions options;
	natsStatus status;

	if (!msg) {
		acks_set(&lane->acks, n, ANSWER_ITEM_ASIDE, "no subject can be made of it");
		return NATS_OK;
	}
	jsPubOptions_Init(&options);
	options.MsgId = id;
	acks_expect(&lane->acks, n, msg);
	status = js_PublishMsgAsync(lane->js, &msg, &options);
	natsMsg_Destroy(msg);
	if (status == NATS_MAX_PAYLOAD) {
		acks_set(&lane->acks, n, ANSWER_ITEM_ASIDE, natsStatus_GetText(status));
		return NATS_OK;
	}
	return status;
}

/* libnats keeps messages for a server that is away, up to a limit. */
static const char *reason_of(natsStatus status)
{
	return status == NATS_INSUFFICIENT_BUFFER ? "the connection to the server is lost"
						  : natsStatus_GetText(status);
}

static void publish(struct jetstream_lane *lane)
{
	natsStatus status = NATS_OK;

	acks_begin(&lane->acks, lane->slice.count);
	lane->published = true;
	for (size_t i = 0; i < lane->slice.count; i++) {
		if (status == NATS_OK)
			status = open_context(lane) ? publish_line(lane, i) : NATS_ERR;
		if (status != NATS_OK)
			acks_set(&lane->acks, i, ANSWER_ITEM_AGAIN, reason_of(status));
	}
}

static void judge_items(struct answer_verdict *verdict)
{
	size_t counts[3] = {0};

	for (size_t i = 0; i < verdict->count; i++)
		counts[verdict->items[i]]++;
	verdict->kind = ANSWER_ITEMS;
	verdict->failure = counts[ANSWER_ITEM_AGAIN] > 0 ? FAILURE_SERVER : FAILURE_ASIDE;
	if (counts[ANSWER_ITEM_STORED] == verdict->count)
		verdict->kind = ANSWER_STORED;
	if (counts[ANSWER_ITEM_AGAIN] > 0 && !verdict->text[0])
		snprintf(verdict->text, sizeof(verdict->text), "no acknowledgement");
}

/*
 * Numbers of a stream grow. One that was given again means that the stream has lost what it
 * acknowledged, or was made anew by somebody else.
 */
static void note_numbers(struct jetstream_lane *lane, const struct acks_numbers *numbers)
{
	if (numbers->smallest_new != 0 && numbers->smallest_new <= lane->highest)
		nats_link_lose(lane->jetstream->link);
	if (numbers->largest > lane->highest)
		lane->highest = numbers->largest;
	nats_link_note(lane->jetstream->link, numbers->largest);
}

static void end_acks(struct jetstream_lane *lane, struct answer_verdict *verdict)
{
	struct acks_numbers numbers;

	acks_end(&lane->acks, lane->items, verdict->text, &numbers);
	verdict->sequence = numbers.largest;
	note_numbers(lane, &numbers);
}

/* Ends the batch. WHY: of those that were not acknowledged; NULL: as the server says. */
static void finish(struct jetstream_lane *lane, enum failure failure, const char *why)
{
	struct answer_verdict verdict = {.items = lane->items, .count = lane->slice.count};

	lane->under_way = false;
	if (lane->published)
		end_acks(lane, &verdict);
	else
		memset(lane->items, ANSWER_ITEM_AGAIN, lane->slice.count);
	if (why && (!verdict.text[0] || !lane->published))
		snprintf(verdict.text, sizeof(verdict.text), "%s", why);
	judge_items(&verdict);
	if (why && verdict.kind != ANSWER_STORED)
		verdict.failure = failure;
	if (why && lane->slice.count == 0)
		verdict.kind = ANSWER_AGAIN;
	if (verdict.kind == ANSWER_ITEMS)
		nats_link_check(lane->jetstream->link);
	lane->done(lane->self, &verdict);
}

static void step(struct jetstream_lane *lane, const struct nats_link_news *news, struct bw_mono now)
{
	if (lane->published && acks_are_complete(&lane->acks))
		finish(lane, FAILURE_SERVER, NULL);
	else if (news->state == NATS_LINK_FAILED)
		finish(lane, FAILURE_CONNECT, news->text);
	else if (!bw_mono_before(now, lane->deadline))
		finish(lane, FAILURE_TIMEOUT, "no acknowledgement in time");
	else if (news->state == NATS_LINK_READY && !lane->published)
		publish(lane);
}

void jetstream_wake(struct jetstream *jetstream, struct bw_now now)
{
	struct nats_link_news news;

	nats_link_news(jetstream->link, &news);
	for (int i = 0; i < JETSTREAM_LANES; i++) {
		struct jetstream_lane *lane = jetstream->lanes[i];

		if (lane && lane->under_way)
			step(lane, &news, now.mono);
		if (lane && lane->under_way && lane->published && acks_are_complete(&lane->acks))
			notify(jetstream);
	}
}

static void on_event(void *self, unsigned events)
{
	struct jetstream *jetstream = self;
	uint64_t count;

	(void)events;
	(void)!read(jetstream->event_fd, &count, sizeof(count));
	jetstream_wake(jetstream, clock_now());
	loop_wake(jetstream->loop);
}

int jetstream_new(struct loop *loop, const struct nats_link_options *options, const char *template,
		  struct jetstream **ret_jetstream, struct bw_err *err)
{
	struct jetstream *jetstream = calloc(1, sizeof(*jetstream));
	int code;

	if (!jetstream)
		return bw_err_set(err, -ENOMEM, "out of memory");
	*jetstream = (struct jetstream){loop, .options = options, .template = template};
	jetstream->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	code = jetstream->event_fd < 0
		       ? -errno
		       : loop_watch(loop, jetstream->event_fd, LOOP_READABLE, on_event, jetstream);
	if (code < 0)
		bw_err_set(err, code, "the event loop takes no more");
	else
		code = nats_link_new(options, notify, jetstream, &jetstream->link, err);
	if (code < 0) {
		jetstream_free(jetstream);
		return code;
	}
	*ret_jetstream = jetstream;
	return 0;
}

/* The connection is closed: the last call of on_ack() ends at once. */
static void free_lane(struct jetstream_lane *lane)
{
	if (!lane)
		return;
	while (atomic_load(&lane->inside) > 0)
		sched_yield();
	acks_fini(&lane->acks);
	free(lane);
}

bool jetstream_free(struct jetstream *jetstream)
{
	if (!jetstream)
		return true;
	if (jetstream->event_fd >= 0)
		loop_unwatch(jetstream->loop, jetstream->event_fd);
	/* The descriptor stays open when a thread of the link may still write to it. */
	if (!nats_link_free(jetstream->link))
		return false;
	for (int i = 0; i < JETSTREAM_LANES; i++)
		free_lane(jetstream->lanes[i]);
	if (jetstream->event_fd >= 0)
		close(jetstream->event_fd);
	free(jetstream);
	return true;
}

void jetstream_news(struct jetstream *jetstream, struct nats_link_news *ret_news)
{
	nats_link_news(jetstream->link, ret_news);
}

struct bw_mono jetstream_deadline(const struct jetstream *jetstream)
{
	struct bw_mono next = BW_NEVER;

	for (int i = 0; i < JETSTREAM_LANES; i++)
		if (jetstream->lanes[i] && jetstream->lanes[i]->under_way)
			next = bw_mono_min(next, jetstream->lanes[i]->deadline);
	return next;
}

int jetstream_lane_new(struct jetstream *jetstream, jetstream_done done, void *self,
		       struct jetstream_lane **ret_lane)
{
	struct jetstream_lane *lane = calloc(1, sizeof(*lane));
	int slot = 0;

	while (slot < JETSTREAM_LANES && jetstream->lanes[slot])
		slot++;
	if (!lane || slot == JETSTREAM_LANES) {
		free(lane);
		return lane ? BW_ERR_LIMIT : -ENOMEM;
	}
	lane->jetstream = jetstream;
	lane->done = done;
	lane->self = self;
	lane->event_fd = jetstream->event_fd;
	acks_init(&lane->acks);
	jetstream->lanes[slot] = lane;
	*ret_lane = lane;
	return 0;
}

/* The memory stays until the connection is closed: acknowledgements can still come. */
void jetstream_lane_free(struct jetstream_lane *lane)
{
	if (!lane)
		return;
	jetstream_lane_cancel(lane);
	jsCtx_Destroy(lane->js);
	lane->js = NULL;
}

void jetstream_lane_send(struct jetstream_lane *lane, const struct batch_slice *slice,
			 uint8_t *items)
{
	lane->slice = *slice;
	lane->items = items;
	lane->published = false;
	lane->under_way = true;
	lane->deadline = bw_mono_add(clock_now().mono, lane->jetstream->options->timeout_ns);
	notify(lane->jetstream);
}

void jetstream_lane_cancel(struct jetstream_lane *lane)
{
	if (lane->under_way && lane->published)
		acks_begin(&lane->acks, 0);
	lane->highest = 0;
	lane->under_way = false;
}
