/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/collect/collect.h"
#include "conf/run/run.h"
#include "json/comment.h"

/*
 * For validate_config.py, and for making the schema:
 *
 *     print_config schema         the JSON Schema of the configuration
 *     print_config strip < FILE   the text without its comments
 *     print_config check < LINES  for each line, a configuration: "ok" or what is wrong
 *     print_config collector-schema, collector-check < LINES: the same of the collector
 */

static int strip(void)
{
	char *text = malloc(KEYS_FILE_MAX), *plain = malloc(KEYS_FILE_MAX);
	size_t length = fread(text, 1, KEYS_FILE_MAX, stdin);
	size_t open;
	long left = comment_strip(text, length, plain, &open);

	if (left > 0)
		fwrite(plain, 1, (size_t)left, stdout);
	free(text);
	free(plain);
	return left > 0 ? 0 : 1;
}

static int parse_run(const char *line, size_t length, struct bw_err *err)
{
	struct conf_run conf;
	int code = conf_run_parse(line, length, "/nowhere/c.json", &conf, err);

	conf_run_fini(&conf);
	return code;
}

static int parse_collect(const char *line, size_t length, struct bw_err *err)
{
	struct conf_collect conf = {.listen = NULL};
	int code = conf_collect_parse(line, length, "/nowhere/c.json", &conf, err);

	conf_collect_fini(&conf);
	return code;
}

static int check(int (*parse)(const char *line, size_t length, struct bw_err *err))
{
	char *line = NULL, text[1024];
	size_t size = 0;
	ssize_t length;

	while ((length = getline(&line, &size, stdin)) > 0) {
		struct bw_err err;
		int code = parse(line, (size_t)length, &err);

		puts(code == 0 ? "ok" : bw_err_format(&err, text, sizeof(text)));
	}
	free(line);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "schema") == 0)
		return conf_run_print_schema(stdout) == 0 ? 0 : 1;
	if (strcmp(what, "strip") == 0)
		return strip();
	if (strcmp(what, "check") == 0)
		return check(parse_run);
	if (strcmp(what, "collector-schema") == 0)
		return conf_collect_print_schema(stdout) == 0 ? 0 : 1;
	if (strcmp(what, "collector-check") == 0)
		return check(parse_collect);
	return 64;
}
