/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/http_queue.h"

#include <microhttpd.h>

static void wait(struct http_queue *queue, struct http_queue_place *place,
		 struct MHD_Connection *connection)
{
	*place = (struct http_queue_place){.connection = connection};
	if (queue->last)
		queue->last->next = place;
	else
		queue->first = place;
	queue->last = place;
	MHD_suspend_connection(connection);
}

bool http_queue_enter(struct http_queue *queue, struct http_queue_place *place,
		      struct MHD_Connection *connection, size_t length)
{
	if (length <= HTTP_QUEUE_SHORT || place->is_first)
		return true;
	if (queue->is_used || queue->first) {
		wait(queue, place, connection);
		return false;
	}
	queue->is_used = true;
	return true;
}

static void resume_first(struct http_queue *queue)
{
	struct http_queue_place *place = queue->first;

	queue->first = place->next;
	if (!queue->first)
		queue->last = NULL;
	place->is_first = true;
	MHD_resume_connection(place->connection);
}

void http_queue_turn(struct http_queue *queue)
{
	queue->is_used = queue->first;
	if (queue->first)
		resume_first(queue);
}

void http_queue_end(struct http_queue *queue)
{
	while (queue->first)
		resume_first(queue);
}
