/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/upkeep/status.h"

#include <stdio.h>

void status_tell(const struct notify *notify, const struct vantage *vantage)
{
	struct vantage_progress progress;
	char text[160];

	vantage_progress(vantage, &progress);
	snprintf(text, sizeof(text), "watching %u blocks, %llu probes sent, %llu replies",
		 progress.blocks, (unsigned long long)progress.sent,
		 (unsigned long long)progress.replies);
	notify_status(notify, text);
}
