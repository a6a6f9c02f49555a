/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/fleet.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUND_S 60.0 /* of a vantage that has not told its own */
#define ROUND_MAX_S 86400.0

struct fleet_member *fleet_find(struct fleet *fleet, const char *name)
{
	for (size_t i = 0; i < fleet->count; i++)
		if (strcmp(fleet->list[i].name, name) == 0)
			return &fleet->list[i];
	return NULL;
}

bool fleet_is_secret(const char *ours, const char *given)
{
	const size_t length = strlen(ours);

	return strlen(given) == length && sodium_memcmp(ours, given, length) == 0;
}

const struct fleet_member *fleet_by_token(const struct fleet *fleet, const char *token)
{
	const struct fleet_member *found = NULL;

	for (size_t i = 0; i < fleet->count; i++)
		if (fleet->list[i].token && fleet_is_secret(fleet->list[i].token, token))
			found = &fleet->list[i];
	return found;
}

int64_t fleet_stale_ns(const struct fleet *fleet, const struct fleet_member *member)
{
	return fleet->stale_after * fleet_round_ns(member);
}

bool fleet_counts(const struct fleet *fleet, struct fleet_member *member,
		  const struct record *record, struct bw_wall now)
{
	const int64_t time_ns = record->head.time.ns < now.ns ? record->head.time.ns : now.ns;

	member->changed = true;
	return fleet_boots_take(&member->boots, record->head.boot, time_ns,
				fleet_stale_ns(fleet, member));
}

bool fleet_is_doubled(const struct fleet *fleet, const struct fleet_member *member,
		      struct bw_wall now)
{
	return fleet_boots_are_two(&member->boots, now.ns, fleet_stale_ns(fleet, member));
}

void fleet_note(struct fleet_member *member, const struct record *record, struct bw_wall now)
{
	const int64_t offset = now.ns - record->head.time.ns;
	/* A clock that is ahead must not hide what the vantage says when it is right again. */
	const int64_t time_ns = offset < 0 ? now.ns : record->head.time.ns;

	member->changed = true;
	if (offset < member->clock_offset_ns)
		member->clock_offset_ns = offset;
	if (time_ns < member->last.ns)
		return;
	member->last.ns = time_ns;
	member->seq = record->head.seq;
	snprintf(member->boot, sizeof(member->boot), "%s", record->head.boot);
	if (record->type != RECORD_VANTAGE)
		return;
	member->healthy = record->vantage.healthy;
	if (record->vantage.round_ns > 0)
		member->round_s = (double)record->vantage.round_ns / (double)BW_S;
}

static bool shares_upstream(const struct fleet *fleet, size_t number)
{
	const uint32_t asn = fleet->list[number].asn;

	for (size_t n = 0; asn != 0 && n < number; n++)
		if (fleet->list[n].asn == asn)
			return true;
	return false;
}

unsigned fleet_upstreams(const struct fleet *fleet)
{
	unsigned count = 0;

	for (size_t n = 0; n < fleet->count; n++)
		count += !shares_upstream(fleet, n);
	return count;
}

int64_t fleet_round_ns(const struct fleet_member *member)
{
	const double round_s = member->round_s > 0 ? member->round_s : ROUND_S;

	return (int64_t)((round_s < ROUND_MAX_S ? round_s : ROUND_MAX_S) * (double)BW_S);
}

int64_t fleet_deadline(const struct fleet *fleet, const struct fleet_member *member)
{
	return member->last.ns > 0 ? member->last.ns + fleet_stale_ns(fleet, member) : INT64_MAX;
}

bool fleet_is_silent(const struct fleet *fleet, const struct fleet_member *member,
		     struct bw_wall now)
{
	return member->last.ns == 0 || now.ns - member->last.ns > fleet_stale_ns(fleet, member);
}

/* The place of a vantage that is not configured any more; NULL: there is no room, or memory. */
static struct fleet_member *add_former(struct fleet *fleet, const char *name)
{
	struct fleet_member *member = &fleet->list[fleet_all(fleet)];

	if (fleet_all(fleet) == FLEET_ALL)
		return NULL;
	*member = (struct fleet_member){.name = strdup(name)};
	if (!member->name)
		return NULL;
	fleet->former++;
	return member;
}

static int load_one(void *arg, const struct store_vantage *row)
{
	struct fleet_member *member = fleet_find(arg, row->name);

	if (!member)
		member = add_former(arg, row->name);
	if (!member)
		return 0;
	member->last = row->last;
	member->seq = row->seq;
	member->clock_offset_ns = row->clock_offset_ns;
	member->round_s = row->round_s;
	member->healthy = row->healthy;
	snprintf(member->boot, sizeof(member->boot), "%s", row->boot ? row->boot : "");
	return 0;
}

void fleet_fini(struct fleet *fleet)
{
	for (size_t n = fleet->count; n < fleet_all(fleet); n++)
		free((char *)(uintptr_t)fleet->list[n].name);
	fleet->former = 0;
}

static int load_boot(void *arg, const struct store_boot *row)
{
	struct fleet_member *member = fleet_find(arg, row->vantage);

	struct fleet_boot boot = {.first_ns = row->first_ns,
				  .last_ns = row->last_ns,
				  .ignored_ns = row->ignored_ns,
				  .doubled_ns = row->doubled_ns};

	snprintf(boot.boot, sizeof(boot.boot), "%s", row->boot);
	if (member)
		fleet_boots_load(&member->boots, &boot);
	return 0;
}

int fleet_load(struct fleet *fleet, const struct store *store, struct bw_err *err)
{
	int result;

	for (size_t i = 0; i < fleet->count; i++)
		fleet->list[i].clock_offset_ns = INT64_MAX;
	result = store->ops->each_vantage(store->self, load_one, fleet, err);
	if (result == 0)
		result = store->ops->each_boot(store->self, load_boot, fleet, err);
	return result;
}

static int save_boots(struct fleet_member *member, const struct store *store, struct bw_err *err)
{
	int result = 0;

	for (int n = 0; n < FLEET_BOOTS && result == 0; n++) {
		struct fleet_boot *boot = &member->boots.list[n];
		const struct store_boot row = {member->name,  boot->boot,       boot->first_ns,
					       boot->last_ns, boot->ignored_ns, boot->doubled_ns};

		if (!boot->changed)
			continue;
		result = store->ops->put_boot(store->self, &row, err);
		boot->changed = result < 0;
	}
	return result;
}

int fleet_save(struct fleet *fleet, const struct store *store, struct bw_err *err)
{
	int result = 0;

	for (size_t i = 0; i < fleet->count && result == 0; i++) {
		struct fleet_member *member = &fleet->list[i];
		const struct store_vantage row = {
			.name = member->name,
			.boot = member->boot,
			.seq = member->seq,
			.last = member->last,
			.clock_offset_ns = member->clock_offset_ns,
			.round_s = member->round_s,
			.healthy = member->healthy,
		};

		if (!member->changed)
			continue;
		result = store->ops->put_vantage(store->self, &row, err);
		if (result == 0)
			result = save_boots(member, store, err);
		member->changed = result < 0;
	}
	return result;
}
