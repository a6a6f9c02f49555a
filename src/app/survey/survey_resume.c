/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_resume.h"
#include "sys/disk/new_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC "blockwatch-survey-resume 2\n"
#define LINE_BYTES 128

/* The names of the numbers at the start of the file, in their order. */
#define HEAD 17
static const char *const names[HEAD] = {
	"run",         "seed",       "pass",   "asked",      "sent",
	"replies",     "duplicates", "errors", "rejected",   "dropped",
	"send_errors", "refused",    "again",  "elapsed_ns", "until",
	"blocked",     "words",
};

static void to_numbers(const struct survey_resume *resume, uint64_t blocked, uint64_t words,
		       uint64_t numbers[HEAD])
{
	const uint64_t all[HEAD] = {
		resume->run,
		resume->seed,
		resume->place.pass,
		resume->place.asked,
		resume->sent,
		resume->replies,
		resume->duplicates,
		resume->errors,
		resume->rejected,
		resume->dropped,
		resume->send_errors,
		resume->refused,
		resume->again,
		(uint64_t)resume->elapsed_ns,
		resume->place.until,
		blocked,
		words,
	};

	memcpy(numbers, all, sizeof(all));
}

static void from_numbers(const uint64_t numbers[HEAD], struct survey_resume *resume)
{
	*resume = (struct survey_resume){
		.run = numbers[0],
		.seed = numbers[1],
		.place = {(uint32_t)numbers[2], numbers[3], numbers[14]},
		.sent = numbers[4],
		.replies = numbers[5],
		.duplicates = numbers[6],
		.errors = numbers[7],
		.rejected = numbers[8],
		.dropped = numbers[9],
		.send_errors = numbers[10],
		.refused = numbers[11],
		.again = numbers[12],
		.elapsed_ns = (int64_t)numbers[13],
	};
}

static uint64_t count_words(const struct sweep *sweep)
{
	uint64_t count = 0;

	for (uint64_t n = 0; n < sweep_word_count(sweep); n++)
		count += sweep_word(sweep, n) != 0;
	return count;
}

static void write_blocklist(FILE *file, const struct prefix_set *blocklist)
{
	char text[BW_PREFIX_TEXT];
	struct bw_prefix prefix;

	for (size_t i = 0; prefix_set_at(blocklist, i, &prefix); i++)
		fprintf(file, "%s\n", bw_prefix_format(&prefix, text));
}

static int write_all(FILE *file, const struct survey_resume *resume,
		     const struct prefix_set *blocklist, const struct sweep *sweep)
{
	uint64_t numbers[HEAD];

	to_numbers(resume, prefix_set_count(blocklist), count_words(sweep), numbers);
	fputs(MAGIC, file);
	for (unsigned i = 0; i < HEAD; i++)
		fprintf(file, "%s %" PRIu64 "\n", names[i], numbers[i]);
	write_blocklist(file, blocklist);
	for (uint64_t n = 0; n < sweep_word_count(sweep); n++)
		if (sweep_word(sweep, n) != 0)
			fprintf(file, "%" PRIu64 " %" PRIx64 "\n", n, sweep_word(sweep, n));
	fputs("end\n", file);
	return fflush(file) != 0 || fsync(fileno(file)) < 0 ? -errno : 0;
}

int survey_resume_write(const char *path, const struct survey_resume *resume,
			const struct prefix_set *blocklist, const struct sweep *sweep,
			struct bw_err *err)
{
	struct new_file file;
	int code = new_file_open(&file, path);

	if (code == 0)
		code = new_file_close(&file, write_all(file.out, resume, blocklist, sweep));
	if (code < 0) {
		bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot keep where the survey was: %s",
			   bw_error_text(code));
		bw_err_place(err, path, 0, 0, NULL);
		code = BW_ERR_UNAVAILABLE;
	}
	return code;
}

/* Fills ERR for a damaged file, or for a read error if FILE (which may be NULL) has one. */
static int refuse(FILE *file, const char *path, int line, struct bw_err *err)
{
	if (file && ferror(file)) {
		bw_err_set(err, BW_ERR_MISSING, "cannot read: %s", strerror(errno));
		bw_err_place(err, path, 0, 0, NULL);
		return BW_ERR_MISSING;
	}
	bw_err_set(err, BW_ERR_SYNTAX,
		   "this is no resume file of a survey, or it is damaged; remove it to start anew");
	bw_err_place(err, path, line, 0, NULL);
	return BW_ERR_SYNTAX;
}

/* Reads a decimal number that is the rest of the line. */
static bool read_number(const char *text, uint64_t *ret_number)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*ret_number = strtoull(text, &end, 10);
	return errno == 0 && strcmp(end, "\n") == 0;
}

/* How many lines follow the numbers: of the block list, of answers. */
struct tail {
	uint64_t blocked, words;
};

/* Reads the numbers at the start. */
static int read_head(FILE *file, const char *path, struct survey_resume *resume,
		     struct tail *ret_tail, struct bw_err *err)
{
	uint64_t numbers[HEAD];
	char line[LINE_BYTES];

	if (!fgets(line, sizeof(line), file) || strcmp(line, MAGIC) != 0)
		return refuse(file, path, 1, err);
	for (unsigned i = 0; i < HEAD; i++) {
		size_t length = strlen(names[i]);

		if (!fgets(line, sizeof(line), file) || strncmp(line, names[i], length) != 0 ||
		    line[length] != ' ' || !read_number(line + length + 1, &numbers[i]))
			return refuse(file, path, (int)i + 2, err);
	}
	from_numbers(numbers, resume);
	*ret_tail = (struct tail){numbers[HEAD - 2], numbers[HEAD - 1]};
	return 0;
}

static int open_file(const char *path, FILE **ret_file, struct bw_err *err)
{
	*ret_file = fopen(path, "re");
	if (*ret_file)
		return 1;
	if (errno == ENOENT)
		return 0;
	bw_err_set(err, BW_ERR_MISSING, "cannot read: %s", strerror(errno));
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_MISSING;
}

/* Reads the block list behind the numbers; a SET that is NULL takes nothing. */
static int read_blocklist(FILE *file, const char *path, const struct tail *tail,
			  struct prefix_set *set, struct bw_err *err)
{
	char line[LINE_BYTES];
	struct bw_prefix prefix;

	for (uint64_t i = 0; i < tail->blocked; i++) {
		if (!fgets(line, sizeof(line), file))
			return refuse(file, path, (int)(i + HEAD + 2), err);
		line[strcspn(line, "\n")] = '\0';
		if (bw_prefix_parse(line, &prefix, NULL) < 0)
			return refuse(file, path, (int)(i + HEAD + 2), err);
		if (set && prefix_set_add(set, &prefix, 0) < 0)
			return bw_err_set(err, -ENOMEM, "out of memory");
	}
	return 0;
}

int survey_resume_read(const char *path, struct survey_resume *ret_resume, struct bw_err *err)
{
	struct tail tail;
	FILE *file;
	int code = open_file(path, &file, err);

	if (code <= 0)
		return code;
	code = read_head(file, path, ret_resume, &tail, err);
	fclose(file);
	return code < 0 ? code : 1;
}

int survey_resume_blocklist(const char *path, struct prefix_set *set, struct bw_err *err)
{
	struct survey_resume resume;
	struct tail tail = {0, 0};
	FILE *file;
	int code = open_file(path, &file, err);

	if (code <= 0)
		return code;
	code = read_head(file, path, &resume, &tail, err);
	if (code == 0)
		code = read_blocklist(file, path, &tail, set, err);
	fclose(file);
	return code < 0 ? code : 1;
}

static bool read_word(const char *line, struct sweep *sweep)
{
	char *end;
	uint64_t number, word;

	if (line[0] < '0' || line[0] > '9')
		return false;
	number = strtoull(line, &end, 10);
	if (*end != ' ')
		return false;
	word = strtoull(end + 1, &end, 16);
	return strcmp(end, "\n") == 0 && sweep_set_word(sweep, number, word);
}

int survey_resume_answers(const char *path, struct sweep *sweep, struct bw_err *err)
{
	struct survey_resume resume;
	char line[LINE_BYTES];
	struct tail tail = {0, 0};
	uint64_t before;
	FILE *file;
	int code = open_file(path, &file, err);

	if (code <= 0)
		return code < 0 ? code : refuse(NULL, path, 0, err);
	code = read_head(file, path, &resume, &tail, err);
	if (code == 0)
		code = read_blocklist(file, path, &tail, NULL, err);
	before = tail.blocked + HEAD + 2;
	for (uint64_t i = 0; i < tail.words && code == 0; i++)
		if (!fgets(line, sizeof(line), file) || !read_word(line, sweep))
			code = refuse(file, path, (int)(i + before), err);
	if (code == 0 && (!fgets(line, sizeof(line), file) || strcmp(line, "end\n") != 0))
		code = refuse(file, path, (int)(tail.words + before), err);
	fclose(file);
	return code;
}
