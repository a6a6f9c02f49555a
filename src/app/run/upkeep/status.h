/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_UPKEEP_STATUS_H
#define APP_RUN_UPKEEP_STATUS_H

#include "sys/machine/notify.h"
#include "vantage/vantage.h"

#define STATUS_NS (30 * BW_S) /* between two lines */

/*
 * Tells the service manager in one line how many networks are dark, whether the vantage is
 * fit (HEALTHY), and what it has done so far.
 */
void status_tell(const struct notify *notify, const struct vantage *vantage, bool healthy);

#endif
