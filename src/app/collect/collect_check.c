/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/common/log.h"
#include "sys/http/listen.h"
#include "sys/machine/privilege.h"

static int check_listen(const struct collect_config *config, struct bw_err *err)
{
	const struct keys_place *place = &config->conf.places.listen;
	int code = listen_check(config->conf.listen, err);

	if (code < 0)
		bw_err_place(err, place->file, place->line, place->column, "listen");
	return code;
}

static int check_user(const struct collect_config *config, struct bw_err *err)
{
	const struct keys_place *place = &config->conf.places.user;
	int code = privilege_find(config->conf.user, err);

	if (code < 0)
		bw_err_place(err, place->file, place->line, place->column, "user");
	return code;
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* Whether the folders of PATH have a program of this name, as execvp() looks for it. */
static bool is_in_path(const char *name)
{
	const char *folder = getenv("PATH");
	char path[4096];

	while (folder) {
		const size_t length = strcspn(folder, ":");
		const int used = snprintf(path, sizeof(path), "%.*s/%s", length ? (int)length : 1,
					  length ? folder : ".", name);

		if (used < (int)sizeof(path) && is_program(path))
			return true;
		folder = folder[length] ? folder + length + 1 : NULL;
	}
	return false;
}

static int check_command(const struct conf_collect_webhook *conf, size_t number, struct bw_err *err)
{
	const char *program = conf->command.count ? conf->command.list[0].text : NULL;
	const bool is_path = program && strchr(program, '/');
	char field[64];

	if (!program || (is_path ? is_program(program) : is_in_path(program)))
		return 0;
	if (is_path)
		bw_err_set(err, BW_ERR_VALUE, "%s: %s", program,
			   access(program, F_OK) < 0 ? strerror(errno) : "cannot be executed");
	else
		bw_err_set(err, BW_ERR_VALUE, "'%s' is not in any folder of PATH", program);
	snprintf(field, sizeof(field), "webhooks[%zu].command", number);
	bw_err_place(err, conf->place.file, conf->place.line, conf->place.column, field);
	return BW_ERR_VALUE;
}

static int check_commands(const struct conf_collect *conf, struct bw_err *err)
{
	int code = 0;

	for (size_t n = 0; n < conf->webhooks.count && code == 0; n++)
		code = check_command(&conf->webhooks.list[n], n, err);
	return code;
}

int collect_check(const struct collect_config *config, struct bw_err *err)
{
	const struct conf_collect *conf = &config->conf;
	int code = check_listen(config, err);

	if (code == 0 && conf->user)
		code = check_user(config, err);
	if (code == 0)
		code = check_commands(conf, err);
	if (code == 0 && conf->vantages.count > FLEET_MAX)
		code = bw_err_set(err, BW_ERR_LIMIT, "%zu vantages are too many: the limit is %d",
				  conf->vantages.count, FLEET_MAX);
	return code;
}

static void warn(const struct keys_place *place, const char *path, const char *message)
{
	if (place->line > 0)
		log_warn("%s:%d:%d: warning: %s", path, place->line, place->column, message);
	else
		log_warn("%s: warning: %s", path, message);
}

void collect_check_warn(const struct collect_config *config)
{
	char message[256];

	if (config->certificate.bytes || listen_is_loopback(config->conf.listen))
		return;
	snprintf(message, sizeof(message),
		 "listen: %s is not loopback, and there is no \"tls\": tokens and records cross "
		 "the network as plain text",
		 config->conf.listen);
	warn(&config->conf.places.listen, config->path, message);
}

void collect_check_warn_quorum(const struct collect_config *config)
{
	struct fleet fleet;
	char message[256];
	unsigned count;

	collect_config_fleet(config, &fleet);
	count = fleet_upstreams(&fleet);
	if (config->conf.quorum <= count)
		return;
	snprintf(message, sizeof(message),
		 "quorum: the vantages are behind %u different network%s, so %u hold%s, not "
		 "%" PRIu64,
		 count, count == 1 ? "" : "s", count, count == 1 ? "s" : "", config->conf.quorum);
	warn(&config->conf.places.quorum, config->path, message);
}
