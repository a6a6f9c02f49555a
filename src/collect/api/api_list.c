/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct list {
	const struct api_list_ops *ops;
	void *self;
	char *text;        /* the piece that is being read; NULL: none yet */
	size_t at, length; /* where its rest begins, and where it ends */
	bool has_items, ended;
};

/*
 * A piece is an array of its own. All but the first one lose the bracket at their beginning, all
 * but the last one that at their end.
 */
static int make_piece(struct list *list)
{
	const bool is_first = !list->text;
	struct json_out out;
	int result;

	free(list->text);
	json_out_init_heap(&out, false);
	json_out_array(&out);
	result = list->ops->step(list->self, &out);
	json_out_array_end(&out);
	json_out_newline(&out);
	list->text = json_out_take(&out);
	if (!list->text)
		return -ENOMEM;
	list->ended = result == 0;
	list->length = strlen(list->text) - (list->ended ? 0 : strlen("]\n"));
	list->at = is_first ? 0 : 1;
	if (!is_first && list->has_items && list->text[1] != ']')
		list->text[--list->at] = ',';
	list->has_items = list->has_items || list->text[1] != ']';
	return result < 0 ? result : 0;
}

static ssize_t read_list(void *self, char *buffer, size_t size)
{
	struct list *list = self;
	size_t length;

	while (list->at == list->length) {
		if (list->ended)
			return 0;
		if (make_piece(list) < 0)
			return -1;
	}
	length = list->length - list->at < size ? list->length - list->at : size;
	memcpy(buffer, list->text + list->at, length);
	list->at += length;
	return (ssize_t)length;
}

static void free_list(void *self)
{
	struct list *list = self;

	list->ops->free(list->self);
	free(list->text);
	free(list);
}

static void answer_at_once(struct api_answer *answer, const struct api_list_ops *ops, void *self)
{
	struct json_out out;
	int result;

	json_out_init_heap(&out, false);
	json_out_array(&out);
	do
		result = ops->step(self, &out);
	while (result > 0);
	json_out_array_end(&out);
	ops->free(self);
	api_answer_json(answer, 200, &out);
	if (result < 0)
		api_answer_failure(answer, result);
}

void api_list_answer(struct api_answer *answer, const struct api_list_ops *ops, void *self,
		     bool is_short)
{
	struct list *list = is_short ? NULL : calloc(1, sizeof(*list));

	if (!list) {
		answer_at_once(answer, ops, self);
		return;
	}
	*list = (struct list){.ops = ops, .self = self};
	answer->status = 200;
	answer->type = API_JSON;
	answer->source = (struct api_source){read_list, free_list, list};
	api_answer_field(answer, "Cache-Control", "no-cache");
}
