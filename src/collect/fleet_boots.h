/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FLEET_BOOTS_H
#define COLLECT_FLEET_BOOTS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The boots of one vantage that were heard of lately, by the times of their records. A vantage that
 * starts again has a new boot, and the one before is over. When the records of two boots go on side
 * by side, two machines send under one name: somebody has copied a configuration. Their verdicts
 * would contradict each other for ever, so those of one boot count: of the one that began later.
 *
 * The result does not depend on when records arrive, except for those that came before the later
 * boot was heard of at all.
 */
#define FLEET_BOOT_TEXT 64
#define FLEET_BOOTS 3

struct fleet_boot {
	char boot[FLEET_BOOT_TEXT]; /* "": none */
	int64_t first_ns, last_ns;  /* times of its records */
	int64_t ignored_ns;         /* the last record of it that did not count; 0: none */
	int64_t doubled_ns;         /* the last one that showed that two are there; 0: none */
	bool changed;               /* since it was saved */
};

struct fleet_boots {
	struct fleet_boot list[FLEET_BOOTS];
	int64_t doubled_ns; /* when two boots were last heard of side by side; 0: never */
};

/*
 * A record of BOOT that is of the time T. WINDOW: for so long a boot is there after its last
 * record. Returns whether the record counts.
 */
bool fleet_boots_take(struct fleet_boots *boots, const char *boot, int64_t t_ns, int64_t window_ns);

/* Whether two boots are side by side at T. */
bool fleet_boots_are_two(const struct fleet_boots *boots, int64_t t_ns, int64_t window_ns);

/* What the store has of a boot, by the last records, the youngest first. */
void fleet_boots_load(struct fleet_boots *boots, const struct fleet_boot *boot);

#endif
