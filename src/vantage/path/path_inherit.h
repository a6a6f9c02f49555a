/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_INHERIT_H
#define VANTAGE_PATH_INHERIT_H

#include "vantage/path/path_units.h"

/* After a reload: UNITS take the baselines of BEFORE for what is watched as before. */
void path_inherit(struct path_units *units, const struct path_units *before);

#endif
