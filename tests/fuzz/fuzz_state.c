/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State files: whatever the bytes, no fault; and what is accepted can be written
 * and read again, and is then the same to the last byte. Each input is read as it
 * is, and once more sealed with the checksum that fits its lines: without that
 * hardly anything would get past it.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/state/state_read.h"
#include "report/state/state_sum.h"
#include "report/state/state_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct copy {
	struct state_writer writer;
	FILE *file;
	char *text;
	size_t length;
};

static int copy_head(void *self, const struct state_head *head)
{
	struct copy *copy = self;
	int result = state_writer_begin(&copy->writer, copy->file, head, NULL);

	assert(result == 0);
	return result;
}

/*
 * The writer takes what the reader hands over, unless there are more lines than the head
 * says, which the reader finds out at the end. The first refusal stays, so a block too many
 * also keeps the groups and paths out.
 */
static void check_put(const struct state_writer *writer, int result)
{
	assert(result == 0 || writer->blocks == writer->head.blocks ||
	       writer->groups == writer->head.groups || writer->paths == writer->head.paths);
	(void)writer;
	(void)result;
}

static int copy_block(void *self, const struct state_block *block)
{
	struct copy *copy = self;

	check_put(&copy->writer, state_writer_put_block(&copy->writer, block));
	return 0;
}

static int copy_group(void *self, const struct state_group *group)
{
	struct copy *copy = self;

	check_put(&copy->writer, state_writer_put_group(&copy->writer, group));
	return 0;
}

static int copy_path(void *self, const struct state_path *path)
{
	struct copy *copy = self;

	check_put(&copy->writer, state_writer_put_path(&copy->writer, path));
	return 0;
}

/* Returns what state_read() says; the copy is whole when that is 0. */
static int read_copy(const char *text, size_t length, struct copy *copy)
{
	const struct state_handlers handlers = {copy_head, copy_block, copy_group, copy_path, copy};
	struct bw_err err;
	int result;

	copy->file = open_memstream(&copy->text, &copy->length);
	assert(copy->file);
	result = state_read(text, length, "state.jsonl", &handlers, &err);
	if (result == 0) {
		int ended = state_writer_end(&copy->writer);

		assert(ended == 0);
		(void)ended;
	} else {
		assert(result < 0 && err.code == result && err.message[0] && err.file[0]);
	}
	fclose(copy->file);
	return result;
}

static void try(const char *text, size_t length)
{
	struct copy first, second, third;
	int result = read_copy(text, length, &first);

	if (result == 0) {
		result = read_copy(first.text, first.length, &second);
		assert(result == 0);
		result = read_copy(second.text, second.length, &third);
		assert(result == 0 && third.length == second.length);
		assert(memcmp(third.text, second.text, second.length) == 0);
		free(second.text);
		free(third.text);
	}
	free(first.text);
}

static size_t number_behind(const char *lines, const char *key)
{
	const char *at = strstr(lines, key);

	return at ? strtoul(at + strlen(key), NULL, 10) & UINT32_MAX : 0;
}

/* LINES, terminated, all whole, with the end that fits; the caller's. */
static char *seal(const char *lines)
{
	uint64_t sum = 0;
	char *text, paths[40] = "";
	int length;

	for (const char *at = lines, *next; *at; at = next) {
		next = strchr(at, '\n') + 1;
		sum = state_sum(sum, at, (size_t)(next - at));
	}
	if (strstr(lines, "\"paths\":"))
		snprintf(paths, sizeof(paths), "\"paths\":%zu,",
			 number_behind(lines, "\"paths\":"));
	length = asprintf(&text,
			  "%s{\"type\":\"end\",\"blocks\":%zu,\"groups\":%zu,%s"
			  "\"checksum\":\"%016" PRIx64 "\"}\n",
			  lines, number_behind(lines, "\"blocks\":"),
			  number_behind(lines, "\"groups\":"), paths, sum);
	assert(length > 0);
	(void)length;
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *lines = malloc(size + 1), *end, *text;

	assert(lines);
	memcpy(lines, data, size);
	lines[size] = '\0';
	try((const char *)data, size);
	end = strstr(lines, "{\"type\":\"end\"");
	if (!end)
		end = strrchr(lines, '\n') ? strrchr(lines, '\n') + 1 : lines;
	*end = '\0';
	if (end > lines && end[-1] == '\n') {
		text = seal(lines);
		try(text, strlen(text));
		free(text);
	}
	free(lines);
	return 0;
}
