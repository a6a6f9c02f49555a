/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/delivery/window.h"

void window_init(struct window *window, int64_t length_ns)
{
	*window = (struct window){.length_ns = length_ns};
}

static struct window_mark *mark_at(struct window *window, unsigned n)
{
	return &window->marks[(window->first + n) % WINDOW_MARKS];
}

static const struct window_mark *last_of(const struct window *window)
{
	return &window->marks[(window->first + window->count - 1) % WINDOW_MARKS];
}

void window_add(struct window *window, const struct window_mark *mark)
{
	struct window_mark *last = window->count ? mark_at(window, window->count - 1) : NULL;
	struct window_mark *before = window->count > 1 ? mark_at(window, window->count - 2) : NULL;
	int64_t apart = window->length_ns / (WINDOW_MARKS - 2);

	/* The last mark moves on until it is far enough from the one before it. */
	if (last && (window->count == WINDOW_MARKS ||
		     (before && bw_mono_since(mark->at, before->at) < apart))) {
		*last = *mark;
		return;
	}
	window->count++;
	*mark_at(window, window->count - 1) = *mark;
}

static void take_first(struct window *window, struct window_mark *ret_mark)
{
	*ret_mark = window->marks[window->first];
	window->first = (window->first + 1) % WINDOW_MARKS;
	window->count--;
}

bool window_pass(struct window *window, struct bw_mono now, struct window_mark *ret_mark)
{
	bool found = false;

	while (window->count > 0 && !bw_mono_before(now, window_deadline(window))) {
		take_first(window, ret_mark);
		found = true;
	}
	return found;
}

bool window_confirm(struct window *window, uint64_t sequence, struct window_mark *ret_mark)
{
	unsigned passed = window->count;

	while (passed > 0 && mark_at(window, passed - 1)->sequence > sequence)
		passed--;
	for (unsigned i = 0; i < passed; i++)
		take_first(window, ret_mark);
	return passed > 0;
}

struct bw_mono window_deadline(const struct window *window)
{
	if (window->count == 0)
		return BW_NEVER;
	return bw_mono_add(window->marks[window->first].at, window->length_ns);
}

struct bw_mono window_end(const struct window *window)
{
	if (window->count == 0)
		return (struct bw_mono){0};
	return bw_mono_add(last_of(window)->at, window->length_ns);
}

void window_clear(struct window *window)
{
	window_init(window, window->length_ns);
}
