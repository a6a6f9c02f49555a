/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_ACKS_H
#define SYS_BUS_ACKS_H

#include <nats/nats.h>
#include <pthread.h>

#include "ship/delivery/batch.h"
#include "ship/format/answer.h"

/*
 * Private to sys/bus. The messages of one batch that wait for their acknowledgement. These come
 * from a thread of libnats, mostly in the order in which the messages were sent.
 */

/* The numbers that messages got in the stream; 0: none. */
struct acks_numbers {
	uint64_t largest;
	uint64_t smallest_new; /* of those that it did not have before */
};

struct acks {
	pthread_mutex_t lock;
	const natsMsg *pending[BATCH_LINES]; /* NULL: it has come */
	size_t count, left, expected; /* `expected`: where the next one is looked for first */
	uint8_t items[BATCH_LINES];
	char text[ANSWER_TEXT]; /* of the first error; "" */
	struct acks_numbers numbers;
};

void acks_init(struct acks *acks);
void acks_fini(struct acks *acks);

/* A batch of COUNT lines begins. What comes for an earlier one is ignored from here on. */
void acks_begin(struct acks *acks, size_t count);

/* Line N is about to be sent as MSG. */
void acks_expect(struct acks *acks, size_t n, const natsMsg *msg);

/* Line N ends as ITEM without having been sent, because of TEXT. */
void acks_set(struct acks *acks, size_t n, enum answer_item item, const char *text);

/* What has come for MSG: ACK, or ERROR. Returns true if it was the last. */
bool acks_take(struct acks *acks, const natsMsg *msg, const jsPubAck *ack,
	       const jsPubAckErr *error);

/* Whether all have come. */
bool acks_are_complete(struct acks *acks);

/* Ends the batch: what has not come is to be sent again. ITEMS gets what became of each line. */
void acks_end(struct acks *acks, uint8_t *items, char text[ANSWER_TEXT],
	      struct acks_numbers *ret_numbers);

#endif
