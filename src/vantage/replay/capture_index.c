/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/replay/capture_index.h"

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
#define TRACE_TTL 30 /* of a UDP traceroute, at most; what else leaves a machine has more */

struct source {
	struct bw_addr addr;
	uint64_t requests;
	uint64_t blank;  /* of those: with an IPv4 header checksum of 0 */
	uint64_t traces; /* UDP packets with a TTL as in a traceroute */
};

/* Who asked whom; without padding, to be hashed as bytes. source + 1; 0: empty. */
struct pair {
	struct bw_addr host;
	uint8_t zero;
	uint16_t source;
};
_Static_assert(sizeof(struct pair) == 20, "a pair has holes");

struct capture_index {
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
	uint64_t frames, unread[UNREADS];
	uint64_t requests; /* of all sources */
};

struct capture_index *capture_index_new(void)
{
	struct capture_index *index = calloc(1, sizeof(*index));

	if (!index)
		return NULL;
	index->hash = siphash_key_random();
	for (unsigned i = 0; i < IDS; i++)
		index->id_keys[i] = siphash_key_of(i + 1);
	index->room = ROOM_MIN;
	index->pairs = calloc(index->room, sizeof(*index->pairs));
	index->sources = calloc(CAPTURE_INDEX_SOURCES_MAX, sizeof(*index->sources));
	if (index->pairs && index->sources)
		return index;
	capture_index_free(index);
	return NULL;
}

void capture_index_free(struct capture_index *index)
{
	if (!index)
		return;
	free(index->pairs);
	free(index->sources);
	free(index->hosts);
	free(index);
}

static void identify(struct capture_index *index, const struct bw_rx *rx, struct bw_now now)
{
	for (unsigned i = 0; i < IDS; i++) {
		uint64_t words[4] = {
			index->ids[i],
			(uint64_t)now.wall.ns,
			(uint64_t)rx->wire_length << 32 | (uint32_t)rx->linktype,
			siphash(&index->id_keys[i], rx->bytes, rx->length),
		};

		index->ids[i] = siphash(&index->id_keys[i], words, sizeof(words));
	}
}

void capture_index_id(const struct capture_index *index, const char *text,
		      char id[CAPTURE_INDEX_ID_TEXT])
{
	for (unsigned i = 0; i < IDS; i++) {
		uint64_t words[2] = {
			index->ids[i],
			siphash(&index->id_keys[i], text, strlen(text)),
		};

		snprintf(id + (size_t)i * 16, 17, "%016llx",
			 (unsigned long long)siphash(&index->id_keys[i], words, sizeof(words)));
	}
}

/* The number of the source, or -1: one too many. */
static int source_of(struct capture_index *index, const struct bw_addr *addr)
{
	for (uint32_t i = 0; i < index->source_count; i++)
		if (bw_addr_equal(&index->sources[i].addr, addr))
			return (int)i;
	if (index->source_count == CAPTURE_INDEX_SOURCES_MAX)
		return -1;
	index->sources[index->source_count].addr = *addr;
	return (int)index->source_count++;
}

static struct pair *find_pair(const struct capture_index *index, const struct pair *pair)
{
	uint64_t at = siphash(&index->hash, pair, sizeof(*pair));

	for (;; at++) {
		struct pair *p = &index->pairs[at & (index->room - 1)];

		if (p->source == 0 || memcmp(p, pair, sizeof(*p)) == 0)
			return p;
	}
}

static int make_room(struct capture_index *index)
{
	struct pair *old = index->pairs;
	uint32_t room = index->room;

	if (index->pair_count < room / 2)
		return 0;
	index->pairs = calloc(2 * (size_t)room, sizeof(*old));
	if (!index->pairs) {
		index->pairs = old;
		return -ENOMEM;
	}
	index->room = 2 * room;
	for (uint32_t i = 0; i < room; i++)
		if (old[i].source != 0)
			*find_pair(index, &old[i]) = old[i];
	free(old);
	return 0;
}

/* SOURCE has asked HOST. */
static int add_pair(struct capture_index *index, int source, const struct bw_addr *host)
{
	struct pair pair = {.host = *host, .source = (uint16_t)(source + 1)};
	struct pair *place = find_pair(index, &pair);

	if (place->source != 0)
		return 0;
	if (index->pair_count == CAPTURE_INDEX_HOSTS_MAX)
		return BW_ERR_LIMIT;
	*place = pair;
	index->pair_count++;
	return make_room(index);
}

/* Takes a packet that is a request by a method of traceroute alone. */
static void add_trace(struct capture_index *index, const struct bw_rx *rx)
{
	struct packet packet;
	int source;

	if (packet_decode_recorded_trace(rx->linktype, rx->bytes, rx->length, rx->wire_length,
					 &packet) != REJECT_NONE ||
	    packet.ip.ttl > TRACE_TTL)
		return;
	source = source_of(index, &packet.prober);
	if (source >= 0)
		index->sources[source].traces++;
}

int capture_index_add(struct capture_index *index, const struct bw_rx *rx, struct bw_now now)
{
	struct packet packet;
	enum reject reject;
	int source;

	if (index->frames++ == 0)
		index->start = now;
	identify(index, rx, now);
	reject = packet_decode_recorded(rx->linktype, rx->bytes, rx->length, rx->wire_length,
					&packet);
	index->unread[packet.unread]++;
	if (reject == REJECT_UNRELATED && index->requests == 0)
		add_trace(index, rx);
	if (reject != REJECT_NONE || packet.role != PACKET_REQUEST)
		return 0;
	source = source_of(index, &packet.prober);
	if (source < 0)
		return 0;
	index->requests++;
	index->sources[source].requests++;
	index->sources[source].blank += packet.ip.blank_checksum;
	return add_pair(index, source, &packet.probed);
}

/* The one that nearly all requests of the family came from; -1: none, or several. */
static int likely_vantage(const struct capture_index *index, uint8_t family, uint64_t *ret_requests)
{
	uint64_t requests = 0;
	int most = -1;

	for (uint32_t i = 0; i < index->source_count; i++) {
		const struct source *source = &index->sources[i];

		if (source->addr.family != family)
			continue;
		requests += source->requests;
		if (most < 0 || source->requests > index->sources[most].requests)
			most = (int)i;
	}
	*ret_requests = requests;
	if (most >= 0 && index->sources[most].requests < requests - requests / NEARLY_ALL)
		return -1;
	return most;
}

static int refuse_several(const struct capture_index *index, uint8_t family, struct bw_err *err)
{
	const struct source *top[2] = {NULL, NULL};
	char text[2][BW_ADDR_TEXT];

	for (uint32_t i = 0; i < index->source_count; i++) {
		const struct source *source = &index->sources[i];

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

static bool sends_requests(const struct capture_index *index, const struct bw_addr *addr)
{
	for (uint32_t i = 0; i < index->source_count; i++)
		if (bw_addr_equal(&index->sources[i].addr, addr))
			return true;
	return false;
}

static int refuse_all(const struct capture_index *index, struct bw_err *err)
{
	char unread[CAPTURE_INDEX_UNREAD_TEXT];

	if (!capture_index_unread(index, unread))
		return bw_err_set(
			err, BW_ERR_VALUE,
			"no echo request, no SYN and no traceroute in the capture: nobody "
			"probes there");
	return bw_err_set(
		err, BW_ERR_VALUE,
		"no echo request, no SYN and no traceroute in what can be read of the capture; not "
		"read: %s",
		unread);
}

static int choose(struct capture_index *index, const struct bw_addr given[2], struct bw_err *err)
{
	bool is_told = given[0].family || given[1].family;
	char text[BW_ADDR_TEXT];

	for (unsigned f = 0; f < FAMILIES; f++) {
		uint64_t requests;
		int likely = likely_vantage(index, f ? 6 : 4, &requests);

		if (given[f].family && !sends_requests(index, &given[f]))
			return bw_err_set(err, BW_ERR_VALUE, "%s sends no request in this capture",
					  bw_addr_format(&given[f], text));
		if (is_told)
			index->vantage[f] = given[f];
		else if (likely >= 0)
			index->vantage[f] = index->sources[likely].addr;
		else if (requests > 0)
			return refuse_several(index, f ? 6 : 4, err);
	}
	if (!index->vantage[0].family && !index->vantage[1].family)
		return refuse_all(index, err);
	return 0;
}

static int compare_hosts(const void *a, const void *b)
{
	return bw_addr_compare(a, b);
}

/* Where there is no other request, those of UDP traceroutes say who the vantage is. */
static void count_traces(struct capture_index *index)
{
	for (uint32_t i = 0; i < index->source_count && index->requests == 0; i++)
		index->sources[i].requests = index->sources[i].traces;
}

int capture_index_choose(struct capture_index *index, const struct bw_addr given[2],
			 struct bw_err *err)
{
	int code;

	count_traces(index);
	code = choose(index, given, err);
	if (code < 0)
		return code;
	free(index->hosts);
	index->host_count = 0;
	index->hosts = calloc(index->pair_count + 1, sizeof(*index->hosts));
	if (!index->hosts)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (uint32_t i = 0; i < index->room; i++) {
		const struct pair *pair = &index->pairs[i];

		if (pair->source != 0 &&
		    capture_index_is_vantage(index, &index->sources[pair->source - 1].addr))
			index->hosts[index->host_count++] = pair->host;
	}
	free(index->pairs);
	index->pairs = NULL;
	qsort(index->hosts, index->host_count, sizeof(*index->hosts), compare_hosts);
	return 0;
}

bool capture_index_is_vantage(const struct capture_index *index, const struct bw_addr *addr)
{
	return bw_addr_equal(&index->vantage[addr->family == 6], addr);
}

const struct bw_addr *capture_index_hosts(const struct capture_index *index, size_t *ret_count)
{
	*ret_count = index->host_count;
	return index->hosts;
}

struct bw_now capture_index_start(const struct capture_index *index)
{
	return index->start;
}

uint64_t capture_index_frames(const struct capture_index *index)
{
	return index->frames;
}

bool capture_index_unread(const struct capture_index *index, char text[CAPTURE_INDEX_UNREAD_TEXT])
{
	int length = 0;

	text[0] = '\0';
	for (unsigned i = UNREAD_NONE + 1; i < UNREADS && length < CAPTURE_INDEX_UNREAD_TEXT; i++)
		if (index->unread[i] > 0)
			length +=
				snprintf(text + length,
					 (size_t)(CAPTURE_INDEX_UNREAD_TEXT - length), "%s%llu %s",
					 length ? ", " : "", (unsigned long long)index->unread[i],
					 unread_text((enum unread)i));
	return length > 0;
}

uint64_t capture_index_blank_checksums(const struct capture_index *index)
{
	uint64_t blank = 0;

	for (uint32_t i = 0; i < index->source_count; i++)
		if (capture_index_is_vantage(index, &index->sources[i].addr))
			blank += index->sources[i].blank;
	return blank;
}

const struct bw_addr *capture_index_vantage(const struct capture_index *index, uint8_t family)
{
	const struct bw_addr *addr = &index->vantage[family == 6];

	return addr->family ? addr : NULL;
}
