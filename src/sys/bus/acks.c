/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/acks.h"

#include <string.h>

#include "ship/format/excerpt.h"

void acks_init(struct acks *acks)
{
	pthread_mutex_init(&acks->lock, NULL);
	acks->count = acks->left = 0;
}

void acks_fini(struct acks *acks)
{
	pthread_mutex_destroy(&acks->lock);
}

void acks_begin(struct acks *acks, size_t count)
{
	pthread_mutex_lock(&acks->lock);
	memset(acks->pending, 0, sizeof(acks->pending));
	memset(acks->items, ANSWER_ITEM_AGAIN, sizeof(acks->items));
	acks->count = acks->left = count;
	acks->expected = 0;
	acks->numbers = (struct acks_numbers){0};
	acks->text[0] = '\0';
	pthread_mutex_unlock(&acks->lock);
}

void acks_expect(struct acks *acks, size_t n, const natsMsg *msg)
{
	pthread_mutex_lock(&acks->lock);
	acks->pending[n] = msg;
	pthread_mutex_unlock(&acks->lock);
}

static void note(struct acks *acks, const char *text)
{
	if (text && !acks->text[0])
		excerpt_copy(acks->text, sizeof(acks->text), text, strlen(text));
}

void acks_set(struct acks *acks, size_t n, enum answer_item item, const char *text)
{
	pthread_mutex_lock(&acks->lock);
	acks->pending[n] = NULL;
	acks->items[n] = (uint8_t)item;
	acks->left--;
	note(acks, text);
	pthread_mutex_unlock(&acks->lock);
}

/* Returns its number, or `count` if it is of no message of this batch. */
static size_t find(const struct acks *acks, const natsMsg *msg)
{
	for (size_t i = 0; i < acks->count; i++) {
		size_t n = acks->expected + i;

		n = n < acks->count ? n : n - acks->count;
		if (acks->pending[n] == msg)
			return n;
	}
	return acks->count;
}

/* A message that is too large for the stream is too large each time. */
static enum answer_item item_of(const jsPubAckErr *error)
{
	if (!error)
		return ANSWER_ITEM_STORED;
	return error->ErrCode == JSStreamMessageExceedsMaximumErr || error->Err == NATS_MAX_PAYLOAD
		       ? ANSWER_ITEM_ASIDE
		       : ANSWER_ITEM_AGAIN;
}

static void note_number(struct acks_numbers *numbers, const jsPubAck *ack)
{
	if (ack->Sequence > numbers->largest)
		numbers->largest = ack->Sequence;
	if (!ack->Duplicate &&
	    (numbers->smallest_new == 0 || ack->Sequence < numbers->smallest_new))
		numbers->smallest_new = ack->Sequence;
}

bool acks_take(struct acks *acks, const natsMsg *msg, const jsPubAck *ack, const jsPubAckErr *error)
{
	bool last = false;
	size_t n;

	pthread_mutex_lock(&acks->lock);
	n = find(acks, msg);
	if (n < acks->count) {
		acks->pending[n] = NULL;
		acks->items[n] = (uint8_t)item_of(error);
		acks->expected = n + 1 < acks->count ? n + 1 : 0;
		last = --acks->left == 0;
	}
	if (n < acks->count && ack && !error)
		note_number(&acks->numbers, ack);
	if (n < acks->count && error)
		note(acks, error->ErrText && error->ErrText[0] ? error->ErrText
							       : natsStatus_GetText(error->Err));
	pthread_mutex_unlock(&acks->lock);
	return last;
}

bool acks_are_complete(struct acks *acks)
{
	bool complete;

	pthread_mutex_lock(&acks->lock);
	complete = acks->left == 0;
	pthread_mutex_unlock(&acks->lock);
	return complete;
}

void acks_end(struct acks *acks, uint8_t *items, char text[ANSWER_TEXT],
	      struct acks_numbers *ret_numbers)
{
	pthread_mutex_lock(&acks->lock);
	memcpy(items, acks->items, acks->count);
	memcpy(text, acks->text, ANSWER_TEXT);
	*ret_numbers = acks->numbers;
	acks->count = acks->left = 0;
	pthread_mutex_unlock(&acks->lock);
}
