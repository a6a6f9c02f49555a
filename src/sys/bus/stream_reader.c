/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three parties: threads of libnats fill a batch (sys/bus/pull); the thread here asks for
 * messages, hands full batches on, acknowledges and confirms; the event loop takes. At most
 * two batches are in memory: one is handed on while the other one fills.
 *
 * A session (sys/bus/stream_session) is the time with one consumer on one connection. It ends
 * when the link says that the connection, the server or the stream is another one, or when the
 * server says that the consumer is gone. A batch of an earlier session is taken, but not
 * acknowledged: its acknowledgements could hit other messages of a stream that was made anew.
 * Whatever comes twice is known by (vantage, boot, seq).
 */
#include "sys/bus/stream_reader.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "sys/bus/stream_session.h"
#include "sys/machine/clock.h"

#define LINGER_NS (20 * BW_MS)    /* a message waits for others so long */
#define OPEN_AGAIN_NS BW_S        /* after a consumer was gone or could not be made */
#define RETRY_FIRST_NS (BW_S / 2) /* after a batch could not be stored; doubled each time */
#define RETRY_MOST_NS (30 * BW_S)
#define END_NS 500000000L

enum handed { HANDED_NONE, HANDED_ON, HANDED_TAKEN };

struct stream_reader {
	struct loop *loop;
	const struct stream_reader_options *options;
	stream_reader_take take;
	void *self;
	int event_fd; /* readable: a batch is handed on, or there are news */
	struct nats_link *link;
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool called, ended;
	enum handed handed;
	bool stale;                 /* what is handed on is of an earlier session */
	struct stream_batch *batch; /* what is handed on, or empty */
	struct stream_reader_news news;
	/* Of the event loop alone: */
	struct bw_mono retry_at;
	int64_t retry_ns;
	/* Of the thread alone: */
	struct stream_session session;
	struct bw_mono open_at; /* not before */
};

static void notify(const struct stream_reader *reader)
{
	uint64_t one = 1;

	(void)!write(reader->event_fd, &one, sizeof(one));
}

/* From any thread: the thread has something to do. */
static void call(void *self)
{
	struct stream_reader *reader = self;

	pthread_mutex_lock(&reader->lock);
	reader->called = true;
	pthread_cond_signal(&reader->wake);
	pthread_mutex_unlock(&reader->lock);
}

static void tell(struct stream_reader *reader, bool ready, const char *text)
{
	bool differs;

	pthread_mutex_lock(&reader->lock);
	differs = reader->news.ready != ready || strcmp(reader->news.text, text) != 0;
	reader->news.ready = ready;
	snprintf(reader->news.text, sizeof(reader->news.text), "%s", text);
	pthread_mutex_unlock(&reader->lock);
	if (differs)
		notify(reader);
}

static void close_session(struct stream_reader *reader)
{
	if (!reader->session.open)
		return;
	stream_session_close(&reader->session);
	pthread_mutex_lock(&reader->lock);
	reader->stale = reader->handed != HANDED_NONE;
	pthread_mutex_unlock(&reader->lock);
}

static void fail_session(struct stream_reader *reader, const char *text, struct bw_mono now)
{
	close_session(reader);
	tell(reader, false, text);
	reader->open_at = bw_mono_add(now, OPEN_AGAIN_NS);
	nats_link_check(reader->link);
}

/* What the event loop has taken. */
static void settle(struct stream_reader *reader)
{
	bool taken, stale;

	pthread_mutex_lock(&reader->lock);
	taken = reader->handed == HANDED_TAKEN;
	stale = reader->stale;
	pthread_mutex_unlock(&reader->lock);
	if (!taken)
		return;
	if (!stale)
		stream_session_settle(&reader->session, reader->batch);
	stream_batch_clear(reader->batch);
	pthread_mutex_lock(&reader->lock);
	reader->handed = HANDED_NONE;
	reader->stale = false;
	pthread_mutex_unlock(&reader->lock);
}

static bool is_free(struct stream_reader *reader)
{
	bool is;

	pthread_mutex_lock(&reader->lock);
	is = reader->handed == HANDED_NONE;
	pthread_mutex_unlock(&reader->lock);
	return is;
}

/* Returns when it is to be tried again. */
static struct bw_mono hand_on(struct stream_reader *reader, const struct pull_state *state,
			      struct bw_mono now)
{
	const struct bw_mono at = bw_mono_add(state->since, LINGER_NS);

	if (state->count == 0 || !is_free(reader))
		return BW_NEVER;
	if (state->asked && bw_mono_before(now, at))
		return at;
	reader->batch = pull_take(reader->session.pull, reader->batch);
	pthread_mutex_lock(&reader->lock);
	reader->handed = HANDED_ON;
	pthread_mutex_unlock(&reader->lock);
	notify(reader);
	return BW_NEVER;
}

static void look(struct stream_reader *reader, struct bw_mono now)
{
	char text[NATS_LINK_TEXT];

	if (!stream_session_look(&reader->session, now, text)) {
		fail_session(reader, text, now);
		return;
	}
	pthread_mutex_lock(&reader->lock);
	reader->news.waiting = reader->session.durable.waiting;
	pthread_mutex_unlock(&reader->lock);
}

/* Within a session. Returns when it is to be called again. */
static struct bw_mono work(struct stream_reader *reader, struct bw_mono now)
{
	struct stream_session *session = &reader->session;
	struct pull_state state;
	struct bw_mono next;
	natsStatus status;

	pull_look(session->pull, now, &state);
	if (state.gone || state.error[0]) {
		fail_session(reader, state.gone ? STREAM_SESSION_GONE : state.error, now);
		return reader->open_at;
	}
	next = hand_on(reader, &state, now);
	status = pull_ask(session->pull, now);
	if (status != NATS_OK)
		fail_session(reader, natsStatus_GetText(status), now);
	else if (!bw_mono_before(now, stream_session_look_at(session)))
		look(reader, now);
	if (!session->open)
		return reader->open_at;
	return bw_mono_min(next, stream_session_look_at(session));
}

static void open_session(struct stream_reader *reader, const struct nats_link_news *link,
			 struct bw_mono now)
{
	natsConnection *connection = nats_link_connection(reader->link);
	char text[NATS_LINK_TEXT];

	if (stream_session_open(&reader->session, connection, link, now, text))
		tell(reader, true, "");
	else
		fail_session(reader, text, now);
}

static struct bw_mono turn(struct stream_reader *reader)
{
	const struct bw_mono now = clock_now().mono;
	struct nats_link_news link;

	nats_link_news(reader->link, &link);
	if (link.state != NATS_LINK_READY || strcmp(link.peer, reader->session.peer) != 0)
		close_session(reader);
	settle(reader);
	if (link.state == NATS_LINK_FAILED)
		tell(reader, false, link.text);
	if (link.state != NATS_LINK_READY)
		return BW_NEVER;
	if (!reader->session.open && bw_mono_before(now, reader->open_at))
		return reader->open_at;
	if (!reader->session.open)
		open_session(reader, &link, now);
	return reader->session.open ? work(reader, now) : reader->open_at;
}

/* Returns false when it is ended. */
static bool wait_until(struct stream_reader *reader, struct bw_mono at)
{
	const struct timespec until = {.tv_sec = at.ns / BW_S, .tv_nsec = at.ns % BW_S};
	bool goes_on;

	pthread_mutex_lock(&reader->lock);
	while (!reader->called && !reader->ended)
		if (pthread_cond_timedwait(&reader->wake, &reader->lock, &until) == ETIMEDOUT)
			break;
	reader->called = false;
	goes_on = !reader->ended;
	pthread_mutex_unlock(&reader->lock);
	return goes_on;
}

static void *keep(void *self)
{
	struct stream_reader *reader = self;

	while (wait_until(reader, turn(reader)))
		;
	settle(reader);
	if (reader->session.open)
		natsConnection_FlushTimeout(reader->session.connection, END_NS / 2000000);
	close_session(reader);
	nats_ReleaseThreadMemory();
	return NULL;
}

static void take(struct stream_reader *reader, struct bw_now now)
{
	struct stream_batch *batch = reader->batch;

	if (!reader->take(reader->self, batch->list, batch->count, now)) {
		reader->retry_ns = reader->retry_ns ? reader->retry_ns * 2 : RETRY_FIRST_NS;
		if (reader->retry_ns > RETRY_MOST_NS)
			reader->retry_ns = RETRY_MOST_NS;
		reader->retry_at = bw_mono_add(now.mono, reader->retry_ns);
		return;
	}
	reader->retry_ns = 0;
	reader->retry_at = (struct bw_mono){0};
	pthread_mutex_lock(&reader->lock);
	reader->handed = HANDED_TAKEN;
	pthread_mutex_unlock(&reader->lock);
	call(reader);
}

struct bw_mono stream_reader_wake(struct stream_reader *reader, struct bw_now now)
{
	bool handed;

	pthread_mutex_lock(&reader->lock);
	handed = reader->handed == HANDED_ON;
	pthread_mutex_unlock(&reader->lock);
	if (!handed)
		return BW_NEVER;
	if (!bw_mono_before(now.mono, reader->retry_at))
		take(reader, now);
	return reader->retry_ns ? reader->retry_at : BW_NEVER;
}

static void on_event(void *self, unsigned events)
{
	struct stream_reader *reader = self;
	uint64_t count;

	(void)events;
	(void)!read(reader->event_fd, &count, sizeof(count));
	loop_wake(reader->loop);
}

void stream_reader_news(struct stream_reader *reader, struct stream_reader_news *ret_news)
{
	pthread_mutex_lock(&reader->lock);
	*ret_news = reader->news;
	pthread_mutex_unlock(&reader->lock);
}

static void init_lock(struct stream_reader *reader)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&reader->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&reader->wake, &attributes);
	pthread_condattr_destroy(&attributes);
}

static int start(struct stream_reader *reader, struct bw_err *err)
{
	int code = loop_watch(reader->loop, reader->event_fd, LOOP_READABLE, on_event, reader);

	if (code < 0)
		return bw_err_set(err, code, "the event loop takes no more");
	reader->batch = stream_batch_new();
	if (!reader->batch || pull_new(call, reader, &reader->session.pull) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = nats_link_new(&reader->options->link, call, reader, &reader->link, err);
	if (code < 0)
		return code;
	reader->has_thread = pthread_create(&reader->thread, NULL, keep, reader) == 0;
	return reader->has_thread ? 0 : bw_err_set(err, BW_ERR_INTERNAL, "no thread starts");
}

int stream_reader_new(struct loop *loop, const struct stream_reader_options *options,
		      stream_reader_take take_messages, void *self,
		      struct stream_reader **ret_reader, struct bw_err *err)
{
	struct stream_reader *reader = calloc(1, sizeof(*reader));
	int code;

	if (!reader)
		return bw_err_set(err, -ENOMEM, "out of memory");
	reader->loop = loop;
	reader->options = options;
	reader->take = take_messages;
	reader->self = self;
	reader->session.link = &options->link;
	reader->session.consumer = options->durable;
	init_lock(reader);
	reader->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	code = reader->event_fd < 0 ? bw_err_set(err, -errno, "no descriptor") : start(reader, err);
	if (code < 0)
		stream_reader_free(reader);
	else
		*ret_reader = reader;
	return code;
}

static bool end_thread(struct stream_reader *reader)
{
	struct timespec until;

	if (!reader->has_thread)
		return true;
	pthread_mutex_lock(&reader->lock);
	reader->ended = true;
	pthread_cond_signal(&reader->wake);
	pthread_mutex_unlock(&reader->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += END_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return pthread_timedjoin_np(reader->thread, NULL, &until) == 0;
}

bool stream_reader_free(struct stream_reader *reader)
{
	if (!reader)
		return true;
	if (reader->event_fd >= 0)
		loop_unwatch(reader->loop, reader->event_fd);
	/* What a thread still uses stays until the process ends. */
	if (!end_thread(reader) || !nats_link_free(reader->link))
		return false;
	pull_free(reader->session.pull);
	stream_batch_free(reader->batch);
	if (reader->event_fd >= 0)
		close(reader->event_fd);
	pthread_cond_destroy(&reader->wake);
	pthread_mutex_destroy(&reader->lock);
	free(reader);
	return true;
}
