/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/upkeep/conntrack_watch.h"

#include "app/common/log.h"

void conntrack_watch_init(struct conntrack_watch *watch, struct current *current)
{
	*watch = (struct conntrack_watch){
		.current = current,
		.table = {.folder = CONNTRACK_FOLDER},
	};
}

void conntrack_watch_look(struct conntrack_watch *watch, struct bw_now now)
{
	struct conntrack *table = &watch->table;
	bool was_full = table->full;

	if (conntrack_look(table) && !was_full)
		log_warn("run: the connection-tracking table is full (%llu of %llu): nothing can "
			 "be told; raise net.netfilter.nf_conntrack_max, or let no rule track "
			 "the probes",
			 (unsigned long long)table->count, (unsigned long long)table->max);
	if (!table->full && was_full)
		log_warn("run: the connection-tracking table has room again");
	if (table->full || was_full)
		current_set_faults(watch->current, BW_WHY_CONNTRACK_FULL,
				   table->full ? BW_WHY_CONNTRACK_FULL : 0, now);
}
