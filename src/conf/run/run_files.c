/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/run/run_files.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf/run/run_keys.h"

/*
 * A file is read completely before the files that it includes. The order of members has no
 * meaning in JSON, so the position of "include" has none. A later file overrides an earlier
 * one; so a drop-in overrides the file that includes it. Each file is read once: reading it
 * again would be a circle, or would add its lists a second time.
 */

struct reader {
	struct conf_run *conf;
	struct bw_err *err;
	const struct document_flaws *flaws;
	struct {
		dev_t device;
		ino_t inode;
	} seen[RUN_FILES_MAX];
	size_t seen_count;
};

static int include_all(struct reader *reader, const struct node *root);

/* About a file as a whole: at the place that includes it, or by its name. */
static int refuse_file(const struct reader *reader, const char *path, const struct node *from,
		       int code, const char *message)
{
	if (from)
		return refuse_value(from, code, "%s: %s", path, message);
	bw_err_set(reader->err, code, "%s", message);
	bw_err_place(reader->err, path, 0, 0, NULL);
	return code;
}

static int refuse_system(const struct reader *reader, const char *path, const struct node *from,
			 const char *what)
{
	char message[160];

	snprintf(message, sizeof(message), "%s: %s", what, strerror(errno));
	return refuse_file(reader, path, from, BW_ERR_MISSING, message);
}

static int note_file(struct reader *reader, const char *path)
{
	struct conf_run *conf = reader->conf;
	struct pool_list files;
	struct keys_text *file;

	memcpy(&files, &conf->files, sizeof(files));
	file = (struct keys_text *)pool_list_add(&conf->pool, &files, sizeof(*file));
	if (!file)
		return -ENOMEM;
	*file = (struct keys_text){{NULL, 0, 0}, pool_text(&conf->pool, path)};
	memcpy(&conf->files, &files, sizeof(files));
	return file->text ? 0 : -ENOMEM;
}

static void note_place(const struct node *root, const char *key, struct keys_place *ret_place)
{
	const struct node value = node_member(root, key);

	if (node_exists(&value))
		*ret_place = keys_place_of(&value);
}

/* The places of keys that are checked after the last file has been read. */
static void note_places(struct conf_run *conf, const struct node *root)
{
	note_place(root, "flapping", &conf->flapping.place);
	note_place(root, "spool", &conf->spool.place);
	note_place(root, "user", &conf->places.user);
	note_place(root, "state_directory", &conf->places.state_directory);
	note_place(root, "interface", &conf->places.interface);
	note_place(root, "source", &conf->places.source);
	note_place(root, "rate", &conf->places.rate);
}

static int read_document(struct reader *reader, const struct document *document)
{
	struct conf_run *conf = reader->conf;
	const struct node root = node_root(document);
	int result = keys_read(&run_keys, &root, conf, &conf->pool);

	note_places(conf, &root);
	if (result == 0)
		result = include_all(reader, &root);
	if (result == 0 && !document->included_from)
		result = keys_finish(&run_keys, &root, conf, &conf->pool);
	return result;
}

static int read_text(struct reader *reader, const char *path, const char *bytes, size_t length,
		     const struct node *from)
{
	struct conf_run *conf = reader->conf;
	struct document document = {
		.included_from = from,
		.err = reader->err,
		.flaws = reader->flaws,
	};
	int result = note_file(reader, path);

	if (result < 0)
		return refuse_file(reader, path, from, result, "out of memory");
	document.file = conf->files.list[conf->files.count - 1].text;
	result = document_parse(&document, &keys_form, bytes, length);
	if (result == 0)
		result = read_document(reader, &document);
	document_fini(&document);
	return result;
}

static int check_first_time(struct reader *reader, FILE *file, const char *path,
			    const struct node *from)
{
	struct stat st;

	if (fstat(fileno(file), &st) < 0)
		return refuse_system(reader, path, from, "cannot look at it");
	for (size_t i = 0; i < reader->seen_count; i++)
		if (reader->seen[i].device == st.st_dev && reader->seen[i].inode == st.st_ino)
			return refuse_file(reader, path, from, BW_ERR_OVERLAP,
					   "was read already: it may be included once, and "
					   "not by itself");
	if (reader->seen_count == RUN_FILES_MAX)
		return refuse_file(reader, path, from, BW_ERR_LIMIT,
				   "is one file too many: the limit is 256");
	reader->seen[reader->seen_count].device = st.st_dev;
	reader->seen[reader->seen_count++].inode = st.st_ino;
	return 0;
}

static int read_open_file(struct reader *reader, FILE *file, const char *path,
			  const struct node *from)
{
	int result = check_first_time(reader, file, path, from);
	char *bytes;
	size_t length;

	if (result < 0)
		return result;
	bytes = (char *)malloc(KEYS_FILE_MAX + 1);
	if (!bytes)
		return refuse_file(reader, path, from, -ENOMEM, "out of memory");
	/* One byte more than is allowed shows that the file is larger. */
	length = fread(bytes, 1, KEYS_FILE_MAX + 1, file);
	if (ferror(file))
		result = refuse_system(reader, path, from, "cannot read it");
	else
		result = read_text(reader, path, bytes, length, from);
	free(bytes);
	return result;
}

static int read_file(struct reader *reader, const char *path, const struct node *from)
{
	FILE *file = fopen(path, "re");
	int result;

	if (!file)
		return refuse_system(reader, path, from, "cannot open it");
	result = read_open_file(reader, file, path, from);
	fclose(file);
	return result;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A folder that is not there has nothing in it. */
static int on_glob_error(const char *path, int error)
{
	(void)path;
	return error != ENOENT && error != ENOTDIR;
}

/* In the order of their bytes, whatever the locale. */
static int read_matches(struct reader *reader, const char *pattern, const struct node *value)
{
	glob_t found;
	int result = glob(pattern, GLOB_NOSORT, on_glob_error, &found);

	if (result == GLOB_NOMATCH)
		return 0;
	if (result == GLOB_NOSPACE)
		return refuse_file(reader, pattern, value, -ENOMEM, "out of memory");
	if (result != 0)
		return refuse_file(reader, pattern, value, BW_ERR_MISSING,
				   "cannot read the folder");
	qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv), compare_paths);
	for (size_t i = 0; i < found.gl_pathc && result == 0; i++)
		result = read_file(reader, found.gl_pathv[i], value);
	globfree(&found);
	return result;
}

/* The folder of FILE, where needed with its own wildcards made harmless, then TEXT. */
static char *join_path(const char *file, const char *text, bool escape)
{
	const char *slash = *text == '/' ? NULL : strrchr(file, '/');
	size_t folder = slash ? (size_t)(slash - file) + 1 : 0;
	char *path = (char *)malloc(2 * folder + strlen(text) + 1), *to = path;

	if (!path)
		return NULL;
	for (size_t i = 0; i < folder; i++) {
		if (escape && strchr("*?[]\\", file[i]))
			*to++ = '\\';
		*to++ = file[i];
	}
	memcpy(to, text, strlen(text) + 1);
	return path;
}

/* A pattern may match nothing; a plain path names a file that must be there. */
static int include(struct reader *reader, const struct node *value)
{
	const char *text = node_text(value);
	bool pattern = text && strpbrk(text, "*?[");
	char *path;
	int result;

	if (!text)
		return refuse_type(value, "a path or a list of paths");
	if (!*text)
		return refuse_empty(value, "leave it out");
	path = join_path(value->document->file, text, pattern);
	if (!path)
		return refuse_memory(value);
	result = pattern ? read_matches(reader, path, value) : read_file(reader, path, value);
	free(path);
	return result;
}

static int depth_of(const struct document *document)
{
	int depth = 1;

	for (; document->included_from; document = document->included_from->document)
		depth++;
	return depth;
}

static int include_all(struct reader *reader, const struct node *root)
{
	const struct node value = node_member(root, "include");
	struct node element = {0};
	int result = 0;

	if (!node_exists(&value))
		return 0;
	if (depth_of(value.document) == RUN_FILES_DEPTH)
		return refuse_value(&value, BW_ERR_LIMIT,
				    "files include each other more than %d deep", RUN_FILES_DEPTH);
	if (!node_is_list(&value))
		return refuse_go_on(&value, include(reader, &value));
	while (result == 0 && node_next(&value, &element))
		result = refuse_go_on(&element, include(reader, &element));
	return result;
}

int run_files_read(struct conf_run *conf, const struct run_files_text *text,
		   const struct document_flaws *flaws, struct bw_err *err)
{
	struct reader reader = {.conf = conf, .err = err, .flaws = flaws};

	return text->bytes ? read_text(&reader, text->path, text->bytes, text->length, NULL)
			   : read_file(&reader, text->path, NULL);
}
