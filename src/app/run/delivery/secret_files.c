/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/delivery/secret_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct secret_file *find(struct secret_files *files, const char *path)
{
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->list[i].path, path) == 0)
			return &files->list[i];
	return NULL;
}

static void add(struct secret_files *files, const char *path, int fd)
{
	char *copy = files->count < CHILD_FDS_MAX ? strdup(path) : NULL;

	if (copy)
		files->list[files->count++] = (struct secret_file){copy, fd};
	else
		close(fd);
}

static void open_one(struct secret_files *files, const char *path)
{
	struct secret_file *file = path ? find(files, path) : NULL;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;

	if (fd < 0)
		return;
	if (!file) {
		add(files, path, fd);
		return;
	}
	close(file->fd);
	file->fd = fd;
}

void secret_files_open(struct secret_files *files, const struct conf_run *conf)
{
	for (size_t i = 0; i < conf->sinks.count; i++) {
		const struct conf_run_sink *sink = &conf->sinks.list[i];

		if (!conf_run_sink_is_network(sink))
			continue;
		open_one(files, sink->token_file);
		open_one(files, sink->credentials_file);
		open_one(files, sink->ca_file);
		open_one(files, sink->client_certificate);
		open_one(files, sink->client_key);
	}
}

void secret_files_close(struct secret_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		close(files->list[i].fd);
		free(files->list[i].path);
	}
	files->count = 0;
}
