/* SPDX-License-Identifier: Apache-2.0 */
/*
 * getnameinfo() blocks for as long as the resolver likes, and cannot be cancelled. So a few
 * threads call it, and the structure belongs to the caller and to all threads together: who
 * is the last to leave frees it.
 *
 * The entries are appended, and never moved or changed after their name is there. Threads
 * take them in order.
 */
#include "sys/net/names.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/addr/addr_key.h"
#include "base/rng.h"

#define THREADS 4
#define SLOTS (2 * NAMES_MAX) /* of the hash table; a power of two */
#define NS_PER_S 1000000000

struct entry {
	struct bw_addr addr;
	char *name; /* NULL: none, or not known yet */
};

struct names {
	pthread_mutex_t lock;
	pthread_cond_t asked, answered;
	struct entry entries[NAMES_MAX];
	uint16_t slots[SLOTS]; /* number of an entry plus 1; 0: free */
	unsigned count, taken, done;
	unsigned owners; /* the caller, while it has not freed it, and the threads */
	bool closing;
};

static void destroy(struct names *names)
{
	for (unsigned n = 0; n < names->count; n++)
		free(names->entries[n].name);
	pthread_cond_destroy(&names->asked);
	pthread_cond_destroy(&names->answered);
	pthread_mutex_destroy(&names->lock);
	free(names);
}

/* Called with the lock, which it gives up. */
static void leave(struct names *names)
{
	bool last = --names->owners == 0;

	pthread_mutex_unlock(&names->lock);
	if (last)
		destroy(names);
}

/* The name, owned by the caller, or NULL. */
static char *look_up(const struct bw_addr *addr)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	char name[NI_MAXHOST];
	bool is_v4 = addr->family == 4;
	int failed;

	memcpy(&v4.sin_addr, addr->bytes, sizeof(v4.sin_addr));
	memcpy(&v6.sin6_addr, addr->bytes, sizeof(v6.sin6_addr));
	failed = getnameinfo(is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
			     is_v4 ? sizeof(v4) : sizeof(v6), name, sizeof(name), NULL, 0,
			     NI_NAMEREQD);
	return failed ? NULL : strdup(name);
}

static void *work(void *self)
{
	struct names *names = self;

	pthread_mutex_lock(&names->lock);
	while (!names->closing) {
		struct entry *entry;
		char *name;

		if (names->taken == names->count) {
			pthread_cond_wait(&names->asked, &names->lock);
			continue;
		}
		entry = &names->entries[names->taken++];
		pthread_mutex_unlock(&names->lock);
		name = look_up(&entry->addr);
		pthread_mutex_lock(&names->lock);
		entry->name = name;
		names->done++;
		pthread_cond_broadcast(&names->answered);
	}
	leave(names);
	return NULL;
}

static int start_threads(struct names *names)
{
	pthread_t thread;
	int code = 0;

	for (unsigned n = 0; n < THREADS && code == 0; n++) {
		code = pthread_create(&thread, NULL, work, names);
		if (code == 0) {
			pthread_detach(thread);
			pthread_mutex_lock(&names->lock);
			names->owners++;
			pthread_mutex_unlock(&names->lock);
		}
	}
	return -code;
}

int names_new(struct names **ret_names, struct bw_err *err)
{
	struct names *names = calloc(1, sizeof(*names));
	pthread_condattr_t monotonic;
	int code;

	if (!names)
		return bw_err_set(err, -ENOMEM, "out of memory");
	names->owners = 1;
	pthread_mutex_init(&names->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&names->asked, NULL);
	pthread_cond_init(&names->answered, &monotonic);
	pthread_condattr_destroy(&monotonic);
	code = start_threads(names);
	if (code < 0) {
		names_free(names);
		return bw_err_set(err, code, "cannot start a thread: %s", bw_error_text(code));
	}
	*ret_names = names;
	return 0;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	pthread_mutex_lock(&names->lock);
	names->closing = true;
	pthread_cond_broadcast(&names->asked);
	leave(names);
}

/* Called with the lock. The slot of an address, or the free one where it belongs. */
static uint16_t *find_slot(struct names *names, const struct bw_addr *addr)
{
	struct addr_key key = addr_key_of(addr);
	uint64_t slot = rng_mix(rng_mix(key.hi) ^ key.lo) % SLOTS;

	while (names->slots[slot] &&
	       !bw_addr_equal(&names->entries[names->slots[slot] - 1].addr, addr))
		slot = (slot + 1) % SLOTS;
	return &names->slots[slot];
}

void names_ask(struct names *names, const struct bw_addr *addr)
{
	uint16_t *slot;

	pthread_mutex_lock(&names->lock);
	slot = find_slot(names, addr);
	if (*slot == 0 && names->count < NAMES_MAX) {
		names->entries[names->count++].addr = *addr;
		*slot = (uint16_t)names->count;
		pthread_cond_signal(&names->asked);
	}
	pthread_mutex_unlock(&names->lock);
}

const char *names_find(struct names *names, const struct bw_addr *addr)
{
	const char *name;
	uint16_t number;

	pthread_mutex_lock(&names->lock);
	number = *find_slot(names, addr);
	name = number ? names->entries[number - 1].name : NULL;
	pthread_mutex_unlock(&names->lock);
	return name;
}

void names_wait(struct names *names, int64_t patience_ns)
{
	struct timespec until;
	int code = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += patience_ns / NS_PER_S;
	until.tv_nsec += patience_ns % NS_PER_S;
	if (until.tv_nsec >= NS_PER_S) {
		until.tv_sec++;
		until.tv_nsec -= NS_PER_S;
	}
	pthread_mutex_lock(&names->lock);
	while (names->done < names->count && code == 0)
		code = pthread_cond_timedwait(&names->answered, &names->lock, &until);
	pthread_mutex_unlock(&names->lock);
}
