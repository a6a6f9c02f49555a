/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/replay/replay_census.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/siphash.h"
#include "wire/packet.h"

#define ROOM_MIN 1024U
#define NEARLY_ALL 10 /* all but one in so many requests of the family */
#define FAMILIES 2
#define IDS 2

struct source {
	struct bw_addr addr;
	uint64_t requests;
};

/* Who asked whom; without padding, to be hashed as bytes. source + 1; 0: empty. */
struct pair {
	struct bw_addr host;
	uint8_t zero;
	uint16_t source;
};
_Static_assert(sizeof(struct pair) == 20, "a pair has holes");

struct census {
	struct siphash_key hash, id_keys[IDS];
	uint64_t ids[IDS];
	struct source *sources;
	uint32_t source_count;
	struct pair *pairs; /* open addressing */
	uint32_t room, pair_count;
	struct bw_addr *hosts; /* those that the vantage asked */
	size_t host_count;
	struct bw_addr vantage[FAMILIES]; /* family 0: none */
	struct bw_now start;
	uint64_t frames;
};

struct census *census_new(void)
{
	struct census *census = calloc(1, sizeof(*census));

	if (!census)
		return NULL;
	census->hash = siphash_key_random();
	for (unsigned i = 0; i < IDS; i++)
		census->id_keys[i] = siphash_key_of(i + 1);
	census->room = ROOM_MIN;
	census->pairs = calloc(census->room, sizeof(*census->pairs));
	census->sources = calloc(CENSUS_SOURCES_MAX, sizeof(*census->sources));
	if (census->pairs && census->sources)
		return census;
	census_free(census);
	return NULL;
}

void census_free(struct census *census)
{
	if (!census)
		return;
	free(census->pairs);
	free(census->sources);
	free(census->hosts);
	free(census);
}

static void identify(struct census *census, const struct bw_rx *rx, struct bw_now now)
{
	for (unsigned i = 0; i < IDS; i++) {
		uint64_t words[4] = {
			census->ids[i],
			(uint64_t)now.wall.ns,
			(uint64_t)rx->wire_length << 32 | (uint32_t)rx->linktype,
			siphash(&census->id_keys[i], rx->bytes, rx->length),
		};

		census->ids[i] = siphash(&census->id_keys[i], words, sizeof(words));
	}
}

void census_id(const struct census *census, const char *text, char id[CENSUS_ID_TEXT])
{
	for (unsigned i = 0; i < IDS; i++) {
		uint64_t words[2] = {
			census->ids[i],
			siphash(&census->id_keys[i], text, strlen(text)),
		};

		snprintf(id + (size_t)i * 16, 17, "%016llx",
			 (unsigned long long)siphash(&census->id_keys[i], words, sizeof(words)));
	}
}

/* The number of the source, or -1: one too many. */
static int source_of(struct census *census, const struct bw_addr *addr)
{
	for (uint32_t i = 0; i < census->source_count; i++)
		if (bw_addr_equal(&census->sources[i].addr, addr))
			return (int)i;
	if (census->source_count == CENSUS_SOURCES_MAX)
		return -1;
	census->sources[census->source_count].addr = *addr;
	return (int)census->source_count++;
}

static struct pair *find_pair(const struct census *census, const struct pair *pair)
{
	uint64_t at = siphash(&census->hash, pair, sizeof(*pair));

	for (;; at++) {
		struct pair *p = &census->pairs[at & (census->room - 1)];

		if (p->source == 0 || memcmp(p, pair, sizeof(*p)) == 0)
			return p;
	}
}

static int make_room(struct census *census)
{
	struct pair *old = census->pairs;
	uint32_t room = census->room;

	if (census->pair_count < room / 2)
		return 0;
	census->pairs = calloc(2 * (size_t)room, sizeof(*old));
	if (!census->pairs) {
		census->pairs = old;
		return -ENOMEM;
	}
	census->room = 2 * room;
	for (uint32_t i = 0; i < room; i++)
		if (old[i].source != 0)
			*find_pair(census, &old[i]) = old[i];
	free(old);
	return 0;
}

int census_take(struct census *census, const struct bw_rx *rx, struct bw_now now)
{
	struct packet packet;
	struct pair pair = {.zero = 0};
	struct pair *place;
	int source;

	if (census->frames++ == 0)
		census->start = now;
	identify(census, rx, now);
	if (packet_decode(rx->linktype, rx->bytes, rx->length, rx->wire_length, &packet) !=
		    REJECT_NONE ||
	    packet.role != PACKET_REQUEST)
		return 0;
	source = source_of(census, &packet.prober);
	if (source < 0)
		return 0;
	census->sources[source].requests++;
	pair.host = packet.probed;
	pair.source = (uint16_t)(source + 1);
	place = find_pair(census, &pair);
	if (place->source != 0)
		return 0;
	if (census->pair_count == CENSUS_HOSTS_MAX)
		return BW_ERR_LIMIT;
	*place = pair;
	census->pair_count++;
	return make_room(census);
}

/* The one that nearly all requests of the family came from; -1: none, or several. */
static int likely_vantage(const struct census *census, uint8_t family, uint64_t *ret_requests)
{
	uint64_t requests = 0;
	int most = -1;

	for (uint32_t i = 0; i < census->source_count; i++) {
		const struct source *source = &census->sources[i];

		if (source->addr.family != family)
			continue;
		requests += source->requests;
		if (most < 0 || source->requests > census->sources[most].requests)
			most = (int)i;
	}
	*ret_requests = requests;
	if (most >= 0 && census->sources[most].requests < requests - requests / NEARLY_ALL)
		return -1;
	return most;
}

static int refuse_several(const struct census *census, uint8_t family, struct bw_err *err)
{
	const struct source *top[2] = {NULL, NULL};
	char text[2][BW_ADDR_TEXT];

	for (uint32_t i = 0; i < census->source_count; i++) {
		const struct source *source = &census->sources[i];

		if (source->addr.family != family)
			continue;
		if (!top[0] || source->requests > top[0]->requests) {
			top[1] = top[0];
			top[0] = source;
		} else if (!top[1] || source->requests > top[1]->requests) {
			top[1] = source;
		}
	}
	return bw_err_set(err, BW_ERR_VALUE,
			  "several addresses send requests (%s %llu, %s %llu ...); say which is "
			  "the vantage with --vantage",
			  bw_addr_format(&top[0]->addr, text[0]),
			  (unsigned long long)top[0]->requests,
			  bw_addr_format(&top[1]->addr, text[1]),
			  (unsigned long long)top[1]->requests);
}

static bool sends_requests(const struct census *census, const struct bw_addr *addr)
{
	for (uint32_t i = 0; i < census->source_count; i++)
		if (bw_addr_equal(&census->sources[i].addr, addr))
			return true;
	return false;
}

static int choose(struct census *census, const struct bw_addr given[2], struct bw_err *err)
{
	bool is_told = given[0].family || given[1].family;
	char text[BW_ADDR_TEXT];

	for (unsigned f = 0; f < FAMILIES; f++) {
		uint64_t requests;
		int likely = likely_vantage(census, f ? 6 : 4, &requests);

		if (given[f].family && !sends_requests(census, &given[f]))
			return bw_err_set(err, BW_ERR_VALUE, "%s sends no request in this capture",
					  bw_addr_format(&given[f], text));
		if (is_told)
			census->vantage[f] = given[f];
		else if (likely >= 0)
			census->vantage[f] = census->sources[likely].addr;
		else if (requests > 0)
			return refuse_several(census, f ? 6 : 4, err);
	}
	if (!census->vantage[0].family && !census->vantage[1].family)
		return bw_err_set(err, BW_ERR_VALUE,
				  "no echo request and no SYN in the capture: nobody probes there");
	return 0;
}

static int compare_hosts(const void *a, const void *b)
{
	return bw_addr_compare(a, b);
}

int census_choose(struct census *census, const struct bw_addr given[2], struct bw_err *err)
{
	int code = choose(census, given, err);

	if (code < 0)
		return code;
	free(census->hosts);
	census->host_count = 0;
	census->hosts = calloc(census->pair_count + 1, sizeof(*census->hosts));
	if (!census->hosts)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (uint32_t i = 0; i < census->room; i++) {
		const struct pair *pair = &census->pairs[i];

		if (pair->source != 0 &&
		    census_is_vantage(census, &census->sources[pair->source - 1].addr))
			census->hosts[census->host_count++] = pair->host;
	}
	qsort(census->hosts, census->host_count, sizeof(*census->hosts), compare_hosts);
	return 0;
}

bool census_is_vantage(const struct census *census, const struct bw_addr *addr)
{
	return bw_addr_equal(&census->vantage[addr->family == 6], addr);
}

const struct bw_addr *census_hosts(const struct census *census, size_t *ret_count)
{
	*ret_count = census->host_count;
	return census->hosts;
}

struct bw_now census_start(const struct census *census)
{
	return census->start;
}

uint64_t census_frames(const struct census *census)
{
	return census->frames;
}

const struct bw_addr *census_vantage(const struct census *census, uint8_t family)
{
	const struct bw_addr *addr = &census->vantage[family == 6];

	return addr->family ? addr : NULL;
}

struct bw_target *census_target(const struct census *census, const char *name)
{
	struct bw_target *target = calloc(1, sizeof(*target));

	if (!target)
		return NULL;
	target->name = strdup(name);
	target->methods = (struct bw_methods){.count = 1, .list = {{BW_PROTOCOL_ICMP, 0}}};
	target->networks = calloc(census->host_count + 1, sizeof(*target->networks));
	if (!target->name || !target->networks) {
		bw_target_free(target);
		return NULL;
	}
	for (size_t i = 0; i < census->host_count; i++) {
		const struct bw_addr *host = &census->hosts[i];
		struct bw_network *last = &target->networks[target->network_count];

		if (target->network_count > 0 && bw_prefix_contains(&last[-1].prefix, host))
			continue;
		last->prefix = bw_prefix_of(host, host->family == 6 ? BW_BLOCK_LENGTH_V6
								    : BW_BLOCK_LENGTH_V4);
		target->network_count++;
	}
	return target;
}
