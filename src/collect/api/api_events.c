/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/api/api_page.h"

#define LIMIT 100
#define REPLAY_MAX 2000 /* events at once of a stream that is resumed */
#define STREAM "text/event-stream"

char *api_events_format(uint64_t id, const char *text)
{
	char *line;

	if (asprintf(&line, "id: %llu\ndata: %s\n\n", (unsigned long long)id, text) < 0)
		return NULL;
	return line;
}

struct replay {
	FILE *out;
	uint64_t count;
};

static int put_replayed(void *arg, uint64_t id, const char *text)
{
	struct replay *replay = arg;

	replay->count++;
	fprintf(replay->out, "id: %llu\ndata: %s\n\n", (unsigned long long)id, text);
	return 0;
}

/* The store could not be read: what was written of the answer is not all. */
static void fail(struct api_answer *answer)
{
	free(answer->body);
	api_answer_error(answer, 503, "the events cannot be read");
}

static void begin_stream(struct collector *collector, const struct api_request *request,
			 struct api_answer *answer)
{
	const struct store *store = &collector->store;
	const char *last = request->header(request->arg, "Last-Event-ID");
	struct replay replay = {NULL, 0};
	uint64_t id = 0;
	int result = 0;

	if (last && !api_page_parse(last, &id)) {
		api_answer_error(answer, 400, "Last-Event-ID is the id of an event");
		return;
	}
	replay.out = open_memstream(&answer->body, &answer->length);
	answer->status = replay.out ? 200 : 500;
	if (!replay.out)
		return;
	fputs(": blockwatch\n\n", replay.out);
	if (last)
		result = store->ops->events_after(store->self, id, REPLAY_MAX, put_replayed,
						  &replay, NULL);
	fclose(replay.out);
	if (result < 0) {
		fail(answer);
		return;
	}
	answer->type = STREAM;
	/* With more to replay the answer ends here, and the client resumes behind it. */
	answer->streams = replay.count < REPLAY_MAX && strcmp(request->method, "HEAD") != 0;
	api_answer_field(answer, "Cache-Control", "no-cache");
	api_answer_field(answer, "X-Accel-Buffering", "no");
}

struct list {
	FILE *out;
	uint64_t count, limit;
	uint64_t last; /* id of the last one that was written */
	bool has_more;
};

static int put_listed(void *arg, uint64_t id, const char *text)
{
	struct list *list = arg;

	list->has_more = list->count == list->limit;
	if (list->has_more)
		return 0;
	fprintf(list->out, "%s%s", list->count > 0 ? "," : "", text);
	list->count++;
	list->last = id;
	return 0;
}

static void list_events(struct collector *collector, uint64_t before, uint64_t limit,
			struct api_answer *answer)
{
	const struct store *store = &collector->store;
	struct list list = {open_memstream(&answer->body, &answer->length), .limit = limit};
	char link[API_VALUE_MAX];
	int result;

	answer->status = list.out ? 200 : 500;
	if (!list.out)
		return;
	fputc('[', list.out);
	result = store->ops->events_before(store->self, before, limit + 1, put_listed, &list, NULL);
	fputs("]\n", list.out);
	fclose(list.out);
	answer->type = API_JSON;
	if (result < 0)
		fail(answer);
	if (result < 0 || !list.has_more)
		return;
	snprintf(link, sizeof(link), "<events?before=%llu&limit=%llu>; rel=\"next\"",
		 (unsigned long long)list.last, (unsigned long long)limit);
	api_answer_field(answer, "Link", link);
}

void api_events(struct collector *collector, const struct api_request *request, struct bw_wall now,
		struct api_answer *answer)
{
	const char *accept = request->header(request->arg, "Accept");
	uint64_t before, limit;

	(void)now;
	if (accept && strstr(accept, STREAM))
		begin_stream(collector, request, answer);
	else if (!api_page_number(request, "before", INT64_MAX, &before))
		api_answer_error(answer, 400, "before is the id of an event");
	else if (api_page_limit(request, LIMIT, &limit, answer))
		list_events(collector, before, limit, answer);
}
