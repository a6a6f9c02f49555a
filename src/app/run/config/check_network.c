/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/config/check_network.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/common/log.h"
#include "app/common/secrets.h"

#define CREDENTIALS "CREDENTIALS_DIRECTORY"

/* A file that a sink names. */
struct network_file {
	const char *key, *path; /* path NULL: none is named */
	bool is_token;
	enum pem_kind kind; /* of all others */
};

static bool has_credential(const char *path)
{
	const char *folder = getenv(CREDENTIALS), *slash = strrchr(path, '/');
	char name[4400];

	snprintf(name, sizeof(name), "%s/%s", folder ? folder : "", slash ? slash + 1 : path);
	return folder && access(name, R_OK) == 0;
}

static void warn(const struct conf_run_sink *sink, const char *key, const char *path,
		 const char *what)
{
	log_warn("run: %s:%d:%d: %s: warning: sink '%s': %s %s", sink->place.file, sink->place.line,
		 sink->place.column, key, sink->name, path, what);
}

static void refuse(const struct conf_run_sink *sink, const char *key, const char *path, int error,
		   struct flaws *flaws)
{
	struct bw_err err;

	bw_err_set(&err, BW_ERR_MISSING, "cannot read it: %s", strerror(error));
	bw_err_place(&err, path, 0, 0, NULL);
	flaws_add(flaws, &sink->place, key, &err);
}

/* A file that can be read and whose content `ship` would not take. */
static void check_content(const struct conf_run_sink *sink, const struct network_file *file,
			  struct flaws *flaws)
{
	struct secret secret = {0};
	struct bw_err err;
	int code = secret_read(file->path, NULL, false, &secret, &err);

	if (code == 0 && file->is_token)
		code = secret_trim(&secret, file->path, &err);
	else if (code == 0)
		code = pem_check(file->kind, secret.bytes, &err);
	if (code < 0) {
		bw_err_place(&err, file->path, 0, 0, NULL);
		flaws_add(flaws, &sink->place, file->key, &err);
	}
	secret_fini(&secret);
}

static bool is_secret(const struct network_file *file)
{
	return file->is_token || file->kind != PEM_CERTIFICATES;
}

static void check_file(const struct conf_run_sink *sink, const struct network_file *file,
		       bool is_external, struct flaws *flaws)
{
	struct stat status;
	int fd, error;

	if (!file->path || has_credential(file->path))
		return;
	fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	error = fd < 0 ? errno : 0;
	if (error && is_external)
		warn(sink, file->key, file->path, "cannot be read by this user");
	else if (error)
		refuse(sink, file->key, file->path, error, flaws);
	else if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
		if (is_secret(file) && (status.st_mode & S_IROTH))
			warn(sink, file->key, file->path, "can be read by everybody: chmod o-r");
		check_content(sink, file, flaws);
	}
	if (fd >= 0)
		close(fd);
}

void check_network_files(const struct conf_run *conf, struct flaws *flaws)
{
	for (size_t i = 0; i < conf->sinks.count; i++) {
		const struct conf_run_sink *sink = &conf->sinks.list[i];
		const struct network_file files[] = {
			{"token_file", sink->token_file, true, PEM_KEY},
			{"credentials_file", sink->credentials_file, false, PEM_CREDENTIALS},
			{"ca_file", sink->ca_file, false, PEM_CERTIFICATES},
			{"client_certificate", sink->client_certificate, false, PEM_CERTIFICATES},
			{"client_key", sink->client_key, false, PEM_KEY},
		};

		for (size_t n = 0; n < sizeof(files) / sizeof(files[0]); n++)
			if (conf_run_sink_is_network(sink))
				check_file(sink, &files[n], conf->ship == CONF_RUN_SHIP_EXTERNAL,
					   flaws);
	}
}

static bool is_watched(const struct inputs *inputs, const char *name)
{
	for (size_t i = 0; i < inputs->target_count; i++)
		if (strcmp(inputs->targets[i]->name, name) == 0)
			return true;
	return false;
}

void check_network_targets(const struct run_config *config)
{
	for (size_t i = 0; i < config->conf.sinks.count; i++) {
		const struct conf_run_sink *sink = &config->conf.sinks.list[i];

		for (size_t n = 0; n < sink->targets.count; n++)
			if (!is_watched(&config->inputs, sink->targets.list[n].text))
				warn(sink, "targets", sink->targets.list[n].text,
				     "is the name of no target that is watched");
	}
}
