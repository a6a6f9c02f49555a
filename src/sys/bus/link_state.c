/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/link_state.h"

#include <stdio.h>
#include <string.h>

void link_state_init(struct link_state *state, void (*changed)(void *self), void *self)
{
	*state = (struct link_state){.changed = changed, .self = self};
	pthread_mutex_init(&state->lock, NULL);
}

void link_state_fini(struct link_state *state)
{
	pthread_mutex_destroy(&state->lock);
}

static bool are_other_news(const struct nats_link_news *a, const struct nats_link_news *b)
{
	return a->state != b->state || strcmp(a->text, b->text) != 0 ||
	       strcmp(a->peer, b->peer) != 0;
}

void link_state_get(struct link_state *state, struct nats_link_news *ret_news)
{
	const struct confirmation *confirmation = &state->confirmation;

	pthread_mutex_lock(&state->lock);
	*ret_news = state->news;
	if (ret_news->state == NATS_LINK_READY && confirmation->created == ret_news->created)
		ret_news->confirmed = confirmation->sequence;
	pthread_mutex_unlock(&state->lock);
}

static void set_failed(struct link_state *state, const char *text, bool breaks, bool loses)
{
	struct nats_link_news news;
	bool differs;

	pthread_mutex_lock(&state->lock);
	news = state->news;
	news.state = NATS_LINK_FAILED;
	snprintf(news.text, sizeof(news.text), "%s", text);
	differs = are_other_news(&news, &state->news);
	state->news = news;
	state->breaks += breaks;
	state->losses += loses;
	pthread_mutex_unlock(&state->lock);
	if (differs)
		state->changed(state->self);
}

void link_state_fail(struct link_state *state, const char *text)
{
	set_failed(state, text, false, false);
}

void link_state_break(struct link_state *state, const char *text)
{
	set_failed(state, text, true, false);
}

void link_state_lose(struct link_state *state, const char *text)
{
	set_failed(state, text, true, true);
}

void link_state_note(struct link_state *state, uint64_t sequence)
{
	pthread_mutex_lock(&state->lock);
	if (state->noted < sequence)
		state->noted = sequence;
	pthread_mutex_unlock(&state->lock);
}

/* Collectors that share a consumer confirm side by side. */
void link_state_confirm(struct link_state *state, const struct confirmation *confirmation)
{
	bool differs;

	pthread_mutex_lock(&state->lock);
	differs = confirmation->created != state->confirmation.created ||
		  confirmation->sequence > state->confirmation.sequence;
	if (differs)
		state->confirmation = *confirmation;
	pthread_mutex_unlock(&state->lock);
	if (differs)
		state->changed(state->self);
}

unsigned link_state_breaks(struct link_state *state)
{
	unsigned breaks;

	pthread_mutex_lock(&state->lock);
	breaks = state->breaks;
	pthread_mutex_unlock(&state->lock);
	return breaks;
}

unsigned link_state_losses(struct link_state *state, int64_t created, uint64_t last_sequence)
{
	unsigned losses;

	pthread_mutex_lock(&state->lock);
	if (created == state->news.created && last_sequence < state->noted)
		state->losses++;
	losses = state->losses;
	pthread_mutex_unlock(&state->lock);
	return losses;
}

bool link_state_ready(struct link_state *state, const struct nats_link_news *news, unsigned breaks)
{
	bool differs, holds;

	pthread_mutex_lock(&state->lock);
	holds = state->breaks == breaks;
	differs = holds && are_other_news(news, &state->news);
	if (holds && strcmp(news->peer, state->news.peer) != 0)
		state->confirmation.sequence = state->noted = 0;
	if (holds)
		state->news = *news;
	pthread_mutex_unlock(&state->lock);
	if (differs)
		state->changed(state->self);
	return holds;
}
