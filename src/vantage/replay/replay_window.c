/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/replay/replay_window.h"

#include <string.h>

#include "infer/evidence/belief.h"

static void remove_piece(struct evidence_log *x, unsigned index)
{
	x->count--;
	memmove(&x->list[index], &x->list[index + 1], (x->count - index) * sizeof(x->list[0]));
}

static void make_room(struct evidence_log *x)
{
	unsigned oldest = 0;

	if (x->count < EVIDENCE_MAX)
		return;
	for (unsigned i = x->count; i-- > 0;)
		if (x->list[i].attempt > 0 && x->list[i].state == EVIDENCE_SILENT)
			oldest = i;
	if (x->list[oldest].state == EVIDENCE_SILENT)
		x->prior += belief_of_silence(x->list[oldest].availability * x->delivered);
	remove_piece(x, oldest);
}

unsigned replay_window_add(struct evidence_log *x, const struct evidence *evidence,
			   struct bw_mono sent)
{
	int index;

	make_room(x);
	index = evidence_ask(x, evidence, sent);
	evidence_sent(x, (unsigned)index, sent);
	return (unsigned)index;
}

void replay_window_add_stray(struct replay_window *window, const struct evidence *evidence)
{
	if (window->stray_count == REPLAY_WINDOW_STRAYS)
		return;
	window->strays[window->stray_count] = *evidence;
	window->strays[window->stray_count++].state = EVIDENCE_SILENT;
}

static void copy_piece(struct evidence_log *to, const struct evidence *piece)
{
	evidence_settle(to, replay_window_add(to, piece, piece->sent),
			(enum evidence_state)piece->state);
}

void replay_window_move(struct replay_window *window, struct evidence_log *answered,
			struct bw_mono sent)
{
	for (unsigned i = 0; i < window->stray_count; i++)
		copy_piece(answered, &window->strays[i]);
	window->stray_count = 0;
	for (unsigned i = 0; i < window->x.count;) {
		const struct evidence piece = window->x.list[i];

		if (bw_mono_before(sent, piece.sent)) {
			i++;
			continue;
		}
		copy_piece(answered, &piece);
		remove_piece(&window->x, i);
	}
}

void replay_window_copy(struct evidence_log *to, const struct evidence_log *from)
{
	for (unsigned i = 0; i < from->count; i++)
		copy_piece(to, &from->list[i]);
}

bool replay_window_has(const struct evidence_log *x, uint16_t host)
{
	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].host == host)
			return true;
	return false;
}
