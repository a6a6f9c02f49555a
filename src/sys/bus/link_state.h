/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_LINK_STATE_H
#define SYS_BUS_LINK_STATE_H

#include <pthread.h>

#include "ship/format/confirmation.h"
#include "sys/bus/nats_link.h"

/*
 * Private to sys/bus. What is known of a link, for several threads: the one that keeps it, those of
 * libnats, and the event loop. CHANGED is called, from any of them, when the news are others.
 */
struct link_state {
	void (*changed)(void *self);
	void *self;
	pthread_mutex_t lock;
	struct nats_link_news news;
	unsigned breaks; /* how often what is known became doubtful */
	unsigned losses; /* how often the stream has lost what it acknowledged */
	uint64_t noted;  /* the largest number of an acknowledged message since then */
	struct confirmation confirmation; /* the last one that has come */
};

void link_state_init(struct link_state *state, void (*changed)(void *self), void *self);
void link_state_fini(struct link_state *state);

void link_state_get(struct link_state *state, struct nats_link_news *ret_news);

/* It has failed. The stream of the last good look stays known: a new one is told from it. */
void link_state_fail(struct link_state *state, const char *text);

/* The connection is lost: what is known does not hold for the next one. */
void link_state_break(struct link_state *state, const char *text);

/* See nats_link_lose(), nats_link_note(). */
void link_state_lose(struct link_state *state, const char *text);
void link_state_note(struct link_state *state, uint64_t sequence);

void link_state_confirm(struct link_state *state, const struct confirmation *confirmation);

/* How often what is known became doubtful, for link_state_ready(). */
unsigned link_state_breaks(struct link_state *state);

/* A look finds a stream that was made at CREATED. Returns how often it has lost something. */
unsigned link_state_losses(struct link_state *state, int64_t created, uint64_t last_sequence);

/*
 * NEWS of a look that began when BREAKS was what link_state_breaks() gives. Returns false when that
 * is not so any more. What was confirmed of another stream, or before a loss, counts no more.
 */
bool link_state_ready(struct link_state *state, const struct nats_link_news *news, unsigned breaks);

#endif
