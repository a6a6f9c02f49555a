/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/collector.h"

#include <errno.h>

#define FORGET_EVERY_NS (600 * BW_S)

int collector_open(struct collector *collector, struct store store, struct bw_err *err)
{
	int result;

	collector->store = store;
	collector->stores = true;
	collector->seen = seen_new();
	if (!collector->seen)
		return bw_err_set(err, -ENOMEM, "out of memory");
	collector->admit = (struct admit){
		.seen = collector->seen,
		.fleet = &collector->fleet,
		.store = &collector->store,
	};
	result = fleet_load(&collector->fleet, &collector->store, err);
	return result < 0 ? result : seen_load(collector->seen, &collector->store, err);
}

struct admit_result collector_take(struct collector *collector, const struct fleet_member *member,
				   const char *text, size_t length, struct bw_wall now,
				   struct json_out *out)
{
	const struct admit_result result =
		admit_request(&collector->admit, member, text, length, now, out);

	collector->stores = result.status != 503;
	if (result.status == 200) {
		collector->taken += result.taken;
		collector->known += result.known;
		collector->refused += result.refused;
	}
	return result;
}

struct bw_wall collector_tick(struct collector *collector, struct bw_wall now)
{
	const struct store *store = &collector->store;
	const struct bw_wall next = {collector->forgotten.ns + FORGET_EVERY_NS};

	if (collector->keep_records_ns == 0)
		return (struct bw_wall){INT64_MAX};
	if (now.ns < next.ns)
		return next;
	collector->forgotten = now;
	store->ops->forget_records(store->self,
				   (struct bw_wall){now.ns - collector->keep_records_ns}, NULL);
	return (struct bw_wall){now.ns + FORGET_EVERY_NS};
}

void collector_fini(struct collector *collector)
{
	seen_free(collector->seen);
	if (collector->store.ops)
		collector->store.ops->free(collector->store.self);
	*collector = (struct collector){.seen = NULL};
}
