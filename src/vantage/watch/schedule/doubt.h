/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SCHEDULE_DOUBT_H
#define VANTAGE_WATCH_SCHEDULE_DOUBT_H

#include "vantage/watch/schedule/allowance.h"

/*
 * An up block that its evidence no longer supports becomes unknown. A block that is silent, and
 * is not confirmed dark, is doubted (block_is_doubted()): its evidence is kept, and it is up or
 * dark by what comes next. The ledger keeps events.
 */

/*
 * A round with the evidence X has ended. An up block without a reply in it is unknown when its
 * belief is below .5 and its silence has lasted for the time of confirmation, or when it has not
 * answered for three rounds.
 */
void doubt_round(const struct allowance *allowance, uint32_t block, const struct evidence_log *x);

/*
 * The silence of a block proves nothing, for REASONS. One that is up or unknown becomes unknown for
 * them, and its silences count no more; one that is dark or flapping stays.
 */
void doubt_silence(struct ledger *ledger, uint32_t block, unsigned reasons);

/*
 * A round was due and was not held. Unknown for REASONS after three rounds without an answer, and
 * doubted if what was sent since the last answer was silent.
 */
void doubt_missed_round(const struct allowance *allowance, uint32_t block, unsigned reasons);

/*
 * True for a block of one or two hosts whose siblings answer, and which has been silent for no
 * longer than such hosts are absent by themselves: by how often and for how long it and siblings of
 * its kind were absent, absences of that length are three tenths of the false darks that the
 * parameters allow. That is 3 to 24 hours, and 24 at first. It is neither up nor dark meanwhile.
 */
bool doubt_is_own_absence(const struct ledger *ledger, uint32_t block);

/*
 * A round with an answer of such a block ends: counts the hours in which it is heard. To be called
 * before track.last_round is set.
 */
void doubt_note_heard(struct ledger *ledger, uint32_t block);

/*
 * Until when the outage of such a block has begun, in 999 of 1000 cases. Its hosts may have been
 * absent before: an outage begins in an absence as often as they are absent, and then it began
 * later than the silence (block->since), by an exponential part of the mean absence.
 */
struct bw_mono doubt_began_by(const struct ledger *ledger, uint32_t block);

/*
 * Dark is too much to say of a block by the evidence X: while much is lost, unless the silence
 * of all siblings says so (the next round will tell), and while doubt_is_own_absence() holds.
 */
bool doubt_is_premature(const struct ledger *ledger, uint32_t block, const struct evidence_log *x);

/*
 * True when dark by the evidence X rests on the block's own hosts, which had no reason to be off
 * before: it needs no siblings, and its hosts were not at rest.
 */
bool doubt_stands_alone(const struct ledger *ledger, uint32_t block, const struct evidence_log *x);

#endif
