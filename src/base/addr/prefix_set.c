/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr/prefix_set.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/addr/addr_key.h"

/*
 * One sorted array a family, by first address and then by length, so that a
 * prefix stands before those that lie in it. Two prefixes are either nested or
 * apart, so the array is a forest written in preorder, and sealing finds each
 * one's parent (the next longer-reaching prefix around it) with one walk along
 * the array: the parent of an entry is its predecessor or an ancestor of it.
 *
 * A look-up searches the last entry that begins at or before the address. The
 * longest match, if there is one, is that entry or an ancestor of it: what
 * stands between the match and the address in the array lies in the match. So
 * from there it climbs until a prefix contains the address; how far is the
 * depth of nesting, in practice one or two steps.
 *
 * The search begins with an index, as in a library: the bits in which the keys
 * differ first choose a bucket of about eight entries, and the binary search has
 * that bucket only. In a million prefixes the index is half a megabyte, and what
 * waits for main memory is one short run of entries instead of ten far apart.
 * Keys that crowd together make long buckets, and a binary search all the same.
 *
 * An entry is 24 bytes: 16 of address, the value, and one word for length and
 * parent. Before sealing that word's index is the order of adding, so that of
 * two equal prefixes the later one wins.
 */

#define BUCKET_SIZE 8
#define INDEX_BITS 24
#define INDEX_NONE ((UINT32_C(1) << INDEX_BITS) - 1)

struct entry {
	struct addr_key first;
	uint32_t value;
	uint32_t length : 8;
	uint32_t index : INDEX_BITS; /* sealed: the parent; before: the order of adding */
};

struct table {
	struct entry *entries;
	size_t count, room;
	uint32_t *buckets; /* where each begins, and where the last one ends */
	unsigned bucket_skip, bucket_bits;
	bool unsealed;
};

struct prefix_set {
	struct table tables[2]; /* IPv4, IPv6 */
};

struct prefix_set *prefix_set_new(void)
{
	return (struct prefix_set *)calloc(1, sizeof(struct prefix_set));
}

void prefix_set_free(struct prefix_set *set)
{
	if (!set)
		return;
	for (unsigned i = 0; i < 2; i++) {
		free(set->tables[i].entries);
		free(set->tables[i].buckets);
	}
	free(set);
}

static struct table *table_of(struct prefix_set *set, const struct bw_addr *addr)
{
	assert(addr->family == 4 || addr->family == 6);
	return &set->tables[addr->family == 6];
}

static const struct table *sealed_table(const struct prefix_set *set, const struct bw_addr *addr)
{
	const struct table *table = &set->tables[addr->family == 6];

	assert(addr->family == 4 || addr->family == 6);
	assert(!table->unsealed);
	return table;
}

/* A smaller block at best; when there is none to be had the large one serves. */
static void drop_room(struct table *table)
{
	struct entry *entries = NULL;

	if (table->count > 0)
		entries = (struct entry *)realloc(table->entries, table->count * sizeof(*entries));
	if (!entries)
		return;
	table->entries = entries;
	table->room = table->count;
}

static int make_room(struct table *table)
{
	size_t room = table->room + table->room / 2 + 16;
	struct entry *entries;

	if (table->count < table->room)
		return 0;
	if (table->count >= INDEX_NONE - 1)
		return BW_ERR_LIMIT;
	entries = (struct entry *)realloc(table->entries, room * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	table->entries = entries;
	table->room = room;
	return 0;
}

static void unseal(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		table->entries[i].index = (uint32_t)i & INDEX_NONE;
	table->unsealed = true;
}

int prefix_set_add(struct prefix_set *set, const struct bw_prefix *prefix, uint32_t value)
{
	struct table *table = table_of(set, &prefix->addr);
	int result = make_room(table);

	if (result < 0)
		return result;
	if (!table->unsealed)
		unseal(table);
	table->entries[table->count] = (struct entry){
		.first = addr_key_of(&prefix->addr),
		.value = value,
		.length = prefix->length,
		.index = (uint32_t)table->count & INDEX_NONE,
	};
	table->count++;
	return 0;
}

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = (const struct entry *)left, *b = (const struct entry *)right;

	if (!addr_key_equal(a->first, b->first))
		return addr_key_less(a->first, b->first) ? -1 : 1;
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* Of equal prefixes, which stand in the order of adding, keeps the last. */
static void drop_doubles(struct table *table)
{
	struct entry *entries = table->entries;
	size_t kept = 0;

	for (size_t i = 0; i < table->count; i++) {
		bool again = kept > 0 && entries[kept - 1].length == entries[i].length &&
			     addr_key_equal(entries[kept - 1].first, entries[i].first);

		entries[again ? kept - 1 : kept++] = entries[i];
	}
	table->count = kept;
}

static bool entry_contains(const struct entry *entry, struct addr_key key)
{
	return addr_key_matches(entry->first, key, entry->length);
}

/* The nearest of entry INDEX and its ancestors that contains KEY. */
static uint32_t climb(const struct table *table, uint32_t index, struct addr_key key)
{
	while (index != INDEX_NONE && !entry_contains(&table->entries[index], key))
		index = table->entries[index].index;
	return index;
}

static void link_parents(struct table *table)
{
	uint32_t before = INDEX_NONE;

	for (uint32_t i = 0; i < table->count; i++) {
		struct entry *entry = &table->entries[i];

		entry->index = climb(table, before, entry->first) & INDEX_NONE;
		before = i;
	}
}

static size_t bucket_of(const struct table *table, struct addr_key key)
{
	return key.hi << table->bucket_skip >> (64 - table->bucket_bits);
}

/* Chooses the bits of the buckets: behind those that all keys have in common. */
static void choose_bits(struct table *table)
{
	uint64_t differ = table->entries[0].first.hi ^ table->entries[table->count - 1].first.hi;
	unsigned skip;

	table->bucket_bits = 1;
	while (table->count >> table->bucket_bits > BUCKET_SIZE)
		table->bucket_bits++;
	skip = differ ? (unsigned)__builtin_clzll(differ) : 64;
	if (skip > 64 - table->bucket_bits)
		skip = 64 - table->bucket_bits;
	table->bucket_skip = skip;
}

static int make_buckets(struct table *table)
{
	size_t count, next = 0;
	uint32_t *buckets;

	choose_bits(table);
	count = (size_t)1 << table->bucket_bits;
	buckets = (uint32_t *)realloc(table->buckets, (count + 1) * sizeof(*buckets));
	if (!buckets)
		return -ENOMEM;
	for (uint32_t i = 0; i < table->count; i++) {
		while (next <= bucket_of(table, table->entries[i].first))
			buckets[next++] = i;
	}
	while (next <= count)
		buckets[next++] = (uint32_t)table->count;
	table->buckets = buckets;
	return 0;
}

int prefix_set_seal(struct prefix_set *set)
{
	for (unsigned i = 0; i < 2; i++) {
		struct table *table = &set->tables[i];

		if (!table->unsealed)
			continue;
		qsort(table->entries, table->count, sizeof(*table->entries), compare_entries);
		drop_doubles(table);
		drop_room(table);
		if (make_buckets(table) < 0) {
			unseal(table);
			return -ENOMEM;
		}
		link_parents(table);
		table->unsealed = false;
	}
	return 0;
}

/* How many entries begin at or before KEY. */
static size_t count_up_to(const struct table *table, struct addr_key key)
{
	const struct entry *entries = table->entries, *at;
	size_t bucket, left;

	if (table->count == 0 || addr_key_less(key, entries[0].first))
		return 0;
	if (!addr_key_less(key, entries[table->count - 1].first))
		return table->count;
	bucket = bucket_of(table, key);
	at = entries + table->buckets[bucket];
	left = table->buckets[bucket + 1] - table->buckets[bucket];
	if (left == 0 || addr_key_less(key, at->first))
		return (size_t)(at - entries);
	for (; left > 1; left -= left / 2)
		at += left / 2 & -(size_t)!addr_key_less(key, at[left / 2].first);
	return (size_t)(at - entries) + 1;
}

/* The index of the longest match, or INDEX_NONE. */
static uint32_t find_longest(const struct table *table, struct addr_key key)
{
	size_t count = count_up_to(table, key);

	return count ? climb(table, (uint32_t)count - 1, key) : INDEX_NONE;
}

bool prefix_set_find(const struct prefix_set *set, const struct bw_addr *addr,
		     struct bw_prefix *ret_prefix, uint32_t *ret_value)
{
	const struct table *table = sealed_table(set, addr);
	uint32_t index = find_longest(table, addr_key_of(addr));

	if (index == INDEX_NONE)
		return false;
	if (ret_prefix)
		*ret_prefix =
			(struct bw_prefix){addr_key_addr(table->entries[index].first, addr->family),
					   (uint8_t)table->entries[index].length};
	if (ret_value)
		*ret_value = table->entries[index].value;
	return true;
}

/* True when a prefix of the set has all of FIRST/LENGTH in it. */
static bool is_inside(const struct table *table, struct addr_key first, unsigned length)
{
	uint32_t index = find_longest(table, first);

	while (index != INDEX_NONE && table->entries[index].length > length)
		index = table->entries[index].index;
	return index != INDEX_NONE;
}

static struct addr_key key_after(struct addr_key key)
{
	key.lo++;
	key.hi += key.lo == 0;
	return key;
}

/* Walks from FIRST to LAST over those of the set that join without a gap. */
static bool is_paved(const struct table *table, struct addr_key first, struct addr_key last)
{
	for (;;) {
		size_t count = count_up_to(table, first);
		const struct entry *entry = &table->entries[count ? count - 1 : 0];
		struct addr_key end;

		/* Of several that begin here the shortest is first and reaches farthest. */
		while (count > 1 && addr_key_equal(entry[-1].first, first)) {
			entry--;
			count--;
		}
		if (count == 0 || !addr_key_equal(entry->first, first))
			return false;
		end = addr_key_last(entry->first, entry->length);
		if (!addr_key_less(end, last))
			return true;
		first = key_after(end);
	}
}

bool prefix_set_covers(const struct prefix_set *set, const struct bw_prefix *prefix)
{
	const struct table *table = sealed_table(set, &prefix->addr);
	struct addr_key first = addr_key_of(&prefix->addr);

	return is_inside(table, first, prefix->length) ||
	       is_paved(table, first, addr_key_last(first, prefix->length));
}

bool prefix_set_overlaps(const struct prefix_set *set, const struct bw_prefix *prefix)
{
	const struct table *table = sealed_table(set, &prefix->addr);
	struct addr_key first = addr_key_of(&prefix->addr);
	struct addr_key last = addr_key_last(first, prefix->length);

	return find_longest(table, first) != INDEX_NONE ||
	       count_up_to(table, last) > count_up_to(table, first);
}

size_t prefix_set_count(const struct prefix_set *set)
{
	return set->tables[0].count + set->tables[1].count;
}

size_t prefix_set_nested(const struct prefix_set *set)
{
	size_t nested = 0;

	for (unsigned i = 0; i < 2; i++)
		for (size_t j = 0; j < set->tables[i].count; j++)
			nested += set->tables[i].entries[j].index != INDEX_NONE;
	return nested;
}

bool prefix_set_at(const struct prefix_set *set, size_t n, struct bw_prefix *ret_prefix)
{
	uint8_t family = n < set->tables[0].count ? 4 : 6;
	const struct table *table = &set->tables[family == 6];

	n -= family == 6 ? set->tables[0].count : 0;
	if (n >= table->count)
		return false;
	*ret_prefix = (struct bw_prefix){addr_key_addr(table->entries[n].first, family),
					 (uint8_t)table->entries[n].length};
	return true;
}
