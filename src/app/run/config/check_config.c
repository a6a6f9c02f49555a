/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/config/check_config.h"

#include <errno.h>
#include <unistd.h>

#include "app/common/exit.h"
#include "app/common/session.h"
#include "app/run/config/check_network.h"
#include "app/run/config/run_cost.h"
#include "sys/disk/writable.h"
#include "sys/machine/clock.h"
#include "sys/machine/privilege.h"

/* From here on, files are looked at as this user: run looks at them so, too. */
static void check_user(const struct conf_run *conf, struct flaws *flaws)
{
	struct bw_err err;
	int code;

	if (!conf->user)
		return;
	code = geteuid() == 0 ? privilege_become(conf->user, &err)
			      : privilege_find(conf->user, &err);
	if (code < 0)
		flaws_add(flaws, &conf->places.user, "user", &err);
}

static void check_state(const struct conf_run *conf, struct flaws *flaws)
{
	struct bw_err err;

	if (conf->state_directory && writable_directory(conf->state_directory, &err) < 0)
		flaws_add(flaws, &conf->places.state_directory, "state_directory", &err);
}

/* Two spellings of one path; keys_read() has found those that are spelled alike. */
static void check_twice(const struct conf_run *conf, size_t number, const char *key,
			struct flaws *flaws)
{
	const struct conf_run_sink *sink = &conf->sinks.list[number];
	struct bw_err err;

	for (size_t i = 0; i < number; i++) {
		const struct conf_run_sink *other = &conf->sinks.list[i];

		if (other->type != CONF_RUN_FILE || !other->path ||
		    !writable_is_same(other->path, sink->path))
			continue;
		bw_err_set(&err, BW_ERR_OVERLAP, "is the file of the sink in line %d, too",
			   other->place.line);
		bw_err_place(&err, sink->path, 0, 0, NULL);
		flaws_add(flaws, &sink->place, key, &err);
		return;
	}
}

static void check_sinks(const struct conf_run *conf, struct flaws *flaws)
{
	for (size_t i = 0; i < conf->sinks.count; i++) {
		const struct conf_run_sink *sink = &conf->sinks.list[i];
		char key[64];
		struct bw_err err;

		if (sink->type != CONF_RUN_FILE || !sink->path)
			continue;
		snprintf(key, sizeof(key), "sinks[%zu].path", i);
		if (writable_file(sink->path, &err) < 0)
			flaws_add(flaws, &sink->place, key, &err);
		check_twice(conf, i, key, flaws);
	}
}

/* A gateway that answers says nothing of the line behind it (vantage/ledger/fitness/unrelated). */
static void print_references(const struct inputs *inputs, FILE *out)
{
	if (inputs->references.count > 0)
		return;
	fputs("\nWithout a reference, ", out);
	fputs(inputs->target_count == 1
		      ? "a cut behind the gateway looks like an outage of the whole target:\n"
			"name some in \"references\".\n"
		      : "only blocks that answer show that the line behind the gateway lives.\n",
	      out);
}

/* Prints what holds. Returns 0, or an error of roster_init(). */
static int print(const struct run_config *config, FILE *out, struct bw_err *err)
{
	const struct inputs *inputs = &config->inputs;
	struct permit permit = {
		.allow_reserved = config->conf.allow_reserved,
		.blocklist = inputs->blocklist,
	};
	struct roster_options options = {.permit = &permit, .seed = 1};
	struct roster roster;
	struct run_cost cost;
	int code = roster_init(&roster, (const struct bw_target *const *)inputs->targets,
			       inputs->target_count, &options, err);

	if (code < 0)
		return code;
	cost = run_cost_of(&config->conf, &roster);
	session_warn_of_refused(&roster, RUN_CONFIG_ALLOW);
	roster_fini(&roster);
	conf_run_check_print(&config->conf, out);
	run_cost_print(&cost, out);
	print_references(inputs, out);
	run_cost_warn(&config->conf, &cost);
	run_config_warn(config, clock_now().wall);
	check_network_targets(config);
	return 0;
}

int check_config(const char *path, struct run_config *config, FILE *out, int *ret_status,
		 struct bw_err *err)
{
	struct flaws flaws = {.logs_all = true};
	const struct document_flaws wanted = {flaws_take, &flaws};
	int code = conf_run_read_all(path, &config->conf, &wanted, err);

	if (code == -ENOMEM || (code < 0 && flaws.count == 0))
		return code;
	if (code < 0) {
		flaws_take(&flaws, err);
		*ret_status = exit_code(flaws.first.code);
		return 0;
	}
	check_network_files(&config->conf, &flaws);
	check_user(&config->conf, &flaws);
	run_config_read_inputs(config, &flaws);
	check_state(&config->conf, &flaws);
	check_sinks(&config->conf, &flaws);
	if (flaws.count == 0)
		return print(config, out, err);
	*ret_status = exit_code(flaws.first.code);
	return 0;
}
