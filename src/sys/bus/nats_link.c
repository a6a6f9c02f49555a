/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/nats_link.h"

#include <errno.h>
#include <inttypes.h>
#include <nats/nats.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sys/bus/link_state.h"
#include "sys/bus/nats_options.h"

#define WAIT_FIRST_S 1
#define WAIT_MOST_S 30
#define END_NS 300000000L
#define REMAKE_WAIT_S 3 /* nats-server 2.9 loses a stream that is made at once after a delete */

/*
 * The thread holds no lock while libnats blocks. What it finds goes into `state`. `asked` and
 * `ended` wake it.
 */
struct nats_link {
	const struct nats_link_options *options;
	struct link_state state;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool asked, ended, closed;
	natsConnection *connection; /* set once */
	/* Of the thread alone: */
	jsCtx *js;
	natsSubscription *confirmations;
	int wait_s;
	bool had_stream;
};

static void tell_failure(struct nats_link *link, const char *what, natsStatus status)
{
	char text[NATS_LINK_TEXT];
	natsStatus last_status;
	const char *last = nats_GetLastError(&last_status);

	snprintf(text, sizeof(text), "%s: %s", what,
		 status == last_status && last && last[0] ? last : natsStatus_GetText(status));
	link_state_fail(&link->state, text);
}

/* Waits until it is asked or ended, S seconds at most. Returns false when it is ended. */
static bool wait_for(struct nats_link *link, int seconds)
{
	struct timespec until;
	bool goes_on;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&link->lock);
	while (!link->asked && !link->ended)
		if (pthread_cond_timedwait(&link->wake, &link->lock, &until) == ETIMEDOUT)
			break;
	link->asked = false;
	goes_on = !link->ended;
	pthread_mutex_unlock(&link->lock);
	return goes_on;
}

static void on_reconnected(natsConnection *connection, void *self)
{
	(void)connection;
	nats_link_check(self);
}

/* The next server can be another one, or one that has lost what it acknowledged: look first. */
static void on_disconnected(natsConnection *connection, void *self)
{
	struct nats_link *link = self;

	(void)connection;
	link_state_break(&link->state, "the connection is lost");
	nats_link_check(link);
}

static void on_confirmation(natsConnection *connection, natsSubscription *subscription,
			    natsMsg *msg, void *self)
{
	struct nats_link *link = self;
	struct confirmation confirmation;
	bool good = confirmation_decode(natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg),
					&confirmation) == 0 &&
		    strcmp(confirmation.stream, link->options->stream) == 0;

	(void)connection;
	(void)subscription;
	natsMsg_Destroy(msg);
	if (good)
		link_state_confirm(&link->state, &confirmation);
}

static natsStatus hear_confirmations(struct nats_link *link, natsConnection *connection)
{
	if (!link->options->confirmed)
		return NATS_OK;
	return natsConnection_Subscribe(&link->confirmations, connection, link->options->confirmed,
					on_confirmation, link);
}

/* The last callback of a connection: none follows it. */
static void on_closed(natsConnection *connection, void *self)
{
	struct nats_link *link = self;

	(void)connection;
	pthread_mutex_lock(&link->lock);
	link->closed = true;
	pthread_cond_signal(&link->wake);
	pthread_mutex_unlock(&link->lock);
}

static bool connect_once(struct nats_link *link)
{
	natsOptions *options = NULL;
	natsConnection *connection = NULL;
	natsStatus status = nats_options_make(link->options, &options);

	if (status == NATS_OK)
		status = natsOptions_SetDisconnectedCB(options, on_disconnected, link);
	if (status == NATS_OK)
		status = natsOptions_SetReconnectedCB(options, on_reconnected, link);
	if (status == NATS_OK)
		status = natsOptions_SetClosedCB(options, on_closed, link);
	if (status == NATS_OK)
		status = natsConnection_Connect(&connection, options);
	natsOptions_Destroy(options);
	if (status == NATS_OK)
		status = natsConnection_JetStream(&link->js, connection, NULL);
	if (status == NATS_OK)
		status = hear_confirmations(link, connection);
	if (status != NATS_OK) {
		tell_failure(link, "cannot connect", status);
		jsCtx_Destroy(link->js);
		link->js = NULL;
		natsConnection_Destroy(connection);
		return false;
	}
	pthread_mutex_lock(&link->lock);
	link->connection = connection;
	link->closed = false;
	pthread_mutex_unlock(&link->lock);
	return true;
}

static natsStatus make_stream(struct nats_link *link, jsStreamInfo **ret_info)
{
	const char *subjects[] = {link->options->subject};
	jsStreamConfig config;
	jsErrCode code = 0;

	if (link->had_stream && !wait_for(link, REMAKE_WAIT_S))
		return NATS_TIMEOUT;
	jsStreamConfig_Init(&config);
	config.Name = link->options->stream;
	config.Subjects = subjects;
	config.SubjectsLen = 1;
	config.Duplicates = link->options->duplicates_ns;
	return js_AddStream(ret_info, link->js, &config, NULL, &code);
}

/* LOSSES: a stream that has lost something is another one. */
static void describe(struct nats_link *link, const jsStreamInfo *info, unsigned losses,
		     struct nats_link_news *ret_news)
{
	char server[64] = "";

	*ret_news = (struct nats_link_news){.state = NATS_LINK_READY, .created = info->Created};
	natsConnection_GetConnectedServerId(link->connection, server, sizeof(server));
	snprintf(ret_news->peer, sizeof(ret_news->peer), "%" PRId64 "-%s%s%.0u", info->Created,
		 server, losses > 0 ? "-" : "", losses);
	if (info->Config->Duplicates < link->options->duplicates_ns)
		snprintf(ret_news->text, sizeof(ret_news->text),
			 "the stream %s remembers ids for %" PRId64 " s: after a restart of the "
			 "server records can be in it twice; set its duplicate window to %" PRId64
			 " s",
			 link->options->stream, info->Config->Duplicates / 1000000000,
			 link->options->duplicates_ns / 1000000000);
}

static void tell_no_stream(struct nats_link *link)
{
	char what[160];

	snprintf(what, sizeof(what), "JetStream has no stream %.120s yet", link->options->stream);
	tell_failure(link, what, NATS_NOT_FOUND);
}

/* Looks at the stream, and makes it. Returns false if that fails. */
static bool look(struct nats_link *link)
{
	const unsigned breaks = link_state_breaks(&link->state);
	struct nats_link_news news;
	jsStreamInfo *info = NULL;
	jsErrCode code = 0;
	natsStatus status;

	if (natsConnection_Status(link->connection) != NATS_CONN_STATUS_CONNECTED) {
		tell_failure(link, "the connection is lost", NATS_CONNECTION_DISCONNECTED);
		return false;
	}
	status = js_GetStreamInfo(&info, link->js, link->options->stream, NULL, &code);
	if (status == NATS_NOT_FOUND && link->options->subject)
		status = make_stream(link, &info);
	if (status == NATS_NOT_FOUND)
		tell_no_stream(link);
	else if (status != NATS_OK)
		tell_failure(link, "JetStream", status);
	if (status != NATS_OK)
		return false;
	describe(link, info, link_state_losses(&link->state, info->Created, info->State.LastSeq),
		 &news);
	jsStreamInfo_Destroy(info);
	link->had_stream = true;
	return link_state_ready(&link->state, &news, breaks);
}

static void *keep(void *self)
{
	struct nats_link *link = self;
	int wait_s = WAIT_FIRST_S;
	bool goes_on = true;

	while (goes_on) {
		bool good = (link->js || connect_once(link)) && look(link);

		goes_on = wait_for(link, good ? NATS_LINK_LOOK_S : wait_s);
		wait_s = good || link->js ? WAIT_FIRST_S : wait_s * 2;
		if (wait_s > WAIT_MOST_S)
			wait_s = WAIT_MOST_S;
	}
	nats_ReleaseThreadMemory();
	return NULL;
}

int nats_link_new(const struct nats_link_options *options, void (*changed)(void *self), void *self,
		  struct nats_link **ret_link, struct bw_err *err)
{
	struct nats_link *link = calloc(1, sizeof(*link));
	pthread_condattr_t attributes;

	if (!link)
		return bw_err_set(err, -ENOMEM, "out of memory");
	link->options = options;
	link_state_init(&link->state, changed, self);
	pthread_mutex_init(&link->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&link->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	if (nats_Open(-1) != NATS_OK || pthread_create(&link->thread, NULL, keep, link) != 0) {
		free(link);
		return bw_err_set(err, BW_ERR_INTERNAL, "libnats does not start");
	}
	*ret_link = link;
	return 0;
}

/* Callbacks of libnats come from a thread of it, the last one some time after the close. */
static bool close_connection(struct nats_link *link)
{
	struct timespec until;
	bool closed;

	if (!link->connection)
		return true;
	jsCtx_Destroy(link->js);
	natsSubscription_Destroy(link->confirmations);
	natsConnection_Close(link->connection);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	pthread_mutex_lock(&link->lock);
	while (!link->closed)
		if (pthread_cond_timedwait(&link->wake, &link->lock, &until) == ETIMEDOUT)
			break;
	closed = link->closed;
	pthread_mutex_unlock(&link->lock);
	natsConnection_Destroy(link->connection);
	return closed;
}

static bool end_thread(struct nats_link *link)
{
	struct timespec until;

	pthread_mutex_lock(&link->lock);
	link->ended = true;
	pthread_cond_signal(&link->wake);
	pthread_mutex_unlock(&link->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += END_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return pthread_timedjoin_np(link->thread, NULL, &until) == 0;
}

bool nats_link_free(struct nats_link *link)
{
	if (!link)
		return true;
	if (!end_thread(link) || !close_connection(link))
		return false;
	pthread_cond_destroy(&link->wake);
	pthread_mutex_destroy(&link->lock);
	link_state_fini(&link->state);
	free(link);
	return true;
}

void nats_link_news(struct nats_link *link, struct nats_link_news *ret_news)
{
	link_state_get(&link->state, ret_news);
}

void nats_link_note(struct nats_link *link, uint64_t sequence)
{
	link_state_note(&link->state, sequence);
}

void nats_link_lose(struct nats_link *link)
{
	link_state_lose(&link->state, "the stream has lost what it had acknowledged");
	nats_link_check(link);
}

void nats_link_check(struct nats_link *link)
{
	pthread_mutex_lock(&link->lock);
	link->asked = true;
	pthread_cond_signal(&link->wake);
	pthread_mutex_unlock(&link->lock);
}

struct __natsConnection *nats_link_connection(struct nats_link *link)
{
	natsConnection *connection;

	pthread_mutex_lock(&link->lock);
	connection = link->connection;
	pthread_mutex_unlock(&link->lock);
	return connection;
}
