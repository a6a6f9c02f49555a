/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TIMELINE_BAND_H
#define REPORT_TIMELINE_BAND_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/verdict.h>

#include "base/array.h"

/*
 * A row of a picture: what one subject was from FROM to UNTIL, as parts without a gap. A part
 * lasts until the next one, the last one until UNTIL. Nothing is known behind UNTIL: a picture
 * draws nothing there.
 */
#define BAND_NO_DATA BW_VERDICTS /* nobody looked; the other states are enum bw_verdict */
#define BAND_STATES (BW_VERDICTS + 1)

struct band_part {
	int64_t from_ns;
	uint8_t state; /* enum bw_verdict, or BAND_NO_DATA */
};

struct band {
	int64_t from_ns, until_ns;
	struct array parts; /* struct band_part, by from_ns; the first begins at from_ns */
};

/* An empty band; the first part that is added begins at FROM. */
void band_init(struct band *band, int64_t from_ns, int64_t until_ns);
void band_fini(struct band *band);

/*
 * From T on it is in STATE. T does not come before that of the last call; times before FROM
 * count as FROM, at UNTIL and later nothing is added. Returns 0 or -ENOMEM.
 */
int band_add(struct band *band, int64_t t_ns, uint8_t state);

static inline const struct band_part *band_get(const struct band *band, uint32_t n)
{
	return (const struct band_part *)array_at(&band->parts, n);
}

/* When part N ends. */
int64_t band_end(const struct band *band, uint32_t n);

/* How long it was in each state. */
void band_sum(const struct band *band, int64_t ret_ns[BAND_STATES]);

/* The last state; BAND_NO_DATA for an empty band. */
uint8_t band_last(const struct band *band);

/*
 * How bad a state is: the higher the worse. A picture that has no room for all of them shows the
 * worst, and lists begin with it.
 */
unsigned band_rank(uint8_t state);

/* The state of that rank, 0 to BAND_STATES - 1. A picture draws them in this order. */
uint8_t band_ranked(unsigned rank);

/*
 * Fills *RET with the band in COLUMNS steps of equal length: parts begin and end between columns,
 * and a column shows the worst of what is in it, so that nothing short is lost. Returns 0 or
 * -ENOMEM; *RET is to be freed in any case.
 */
int band_thin(const struct band *band, uint32_t columns, struct band *ret);

/* The name of a state in words: "up", "partly dark", "no data". */
const char *band_state_name(uint8_t state);

/* The same as a name of a class: "partly-dark", "no-data". */
const char *band_state_class(uint8_t state);

#endif
