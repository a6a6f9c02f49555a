/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/upkeep/status.h"

#include <stdio.h>

#include "vantage/ledger/ledger.h"

static unsigned count_dark(const struct ledger *ledger)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < ledger->config.roster->network_count; i++)
		count += ledger->sums.networks[i].verdict == BW_DARK;
	return count;
}

void status_tell(const struct notify *notify, const struct vantage *vantage, bool healthy)
{
	const struct ledger *ledger = vantage_ledger(vantage);
	struct vantage_progress progress;
	char text[NOTIFY_STATUS_MAX];

	vantage_progress(vantage, &progress);
	snprintf(text, sizeof(text),
		 "%s; %u of %u networks dark; watching %u blocks, %llu probes sent, %llu replies",
		 healthy ? "the vantage is fit" : "the vantage is not fit", count_dark(ledger),
		 ledger->config.roster->network_count, progress.blocks,
		 (unsigned long long)progress.sent, (unsigned long long)progress.replies);
	notify_status(notify, text);
}
