/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/config/run_config.h"

#include <errno.h>
#include <stdio.h>

#include "app/common/staleness.h"

#define KEY_TEXT 64

/* The place of a value without one of its own: the configuration as a whole. */
static struct keys_place whole(const struct conf_run *conf)
{
	return (struct keys_place){.file = conf->files.list[0].text};
}

static void read_targets(struct run_config *config, struct flaws *flaws)
{
	const struct conf_run *conf = &config->conf;

	for (size_t i = 0; i < conf->targets.count; i++) {
		const struct conf_run_target *target = &conf->targets.list[i];
		char key[KEY_TEXT];
		struct bw_err err;

		snprintf(key, sizeof(key), "targets[%zu]", i);
		if (target->target &&
		    inputs_add_target(&config->inputs, target->target, &target->methods, &err) < 0)
			flaws_add(flaws, &target->place, key, &err);
	}
}

static void read_blocklists(struct run_config *config, struct flaws *flaws)
{
	const struct keys_texts *files = &config->conf.blocklists;

	for (size_t i = 0; i < files->count; i++) {
		struct bw_err err;

		if (inputs_add_blocklist(&config->inputs, files->list[i].text, &err) < 0)
			flaws_add(flaws, &files->list[i].place, "blocklist", &err);
	}
}

static void read_references(struct run_config *config, struct flaws *flaws)
{
	const struct keys_texts *references = &config->conf.references;
	struct bw_err err;

	for (size_t i = 0; i < references->count; i++)
		if (inputs_add_reference(&config->inputs, references->list[i].text, &err) < 0)
			flaws_add(flaws, &references->list[i].place, "references", &err);
}

/* References that a target names; a target that was not read has none. */
static void read_references_of_targets(struct run_config *config, struct flaws *flaws)
{
	const struct keys_place place = whole(&config->conf);

	for (size_t i = 0; i < config->inputs.target_count; i++) {
		struct bw_err err;

		if (inputs_add_references_of(&config->inputs, i, &err) < 0)
			flaws_add(flaws, &place, config->inputs.targets[i]->name, &err);
	}
}

/* What is known of hops: tables first, then databases. */
static void read_origins(struct run_config *config, struct flaws *flaws)
{
	const struct keys_texts *ranges = &config->conf.ranges, *mmdbs = &config->conf.mmdbs;
	const struct keys_place place = whole(&config->conf);
	struct bw_err err;

	config->origins = address_origins_of();
	for (size_t i = 0; i < ranges->count; i++)
		if (address_origins_read(&config->origins, ranges->list[i].text, &err) < 0)
			flaws_add(flaws, &ranges->list[i].place, "ranges", &err);
	for (size_t i = 0; i < mmdbs->count; i++)
		if (address_origins_read_mmdb(&config->origins, mmdbs->list[i].text,
					      MMDB_WANT_EITHER, &err) < 0)
			flaws_add(flaws, &mmdbs->list[i].place, "mmdb", &err);
	if (address_origins_seal(&config->origins) < 0) {
		bw_err_set(&err, -ENOMEM, "out of memory");
		flaws_add(flaws, &place, "ranges", &err);
	}
}

int run_config_read_inputs(struct run_config *config, struct flaws *flaws)
{
	struct keys_place place = whole(&config->conf);
	struct bw_err err;
	int code = inputs_init(&config->inputs, &err);

	if (code == 0) {
		read_targets(config, flaws);
		read_blocklists(config, flaws);
		read_references(config, flaws);
		read_references_of_targets(config, flaws);
		read_origins(config, flaws);
		code = inputs_finish(&config->inputs, &err);
	}
	if (code < 0)
		flaws_add(flaws, &place, NULL, &err);
	return flaws_result(flaws, NULL);
}

void run_config_warn(const struct run_config *config, struct bw_wall now)
{
	for (size_t i = 0; i < config->inputs.target_count; i++)
		staleness_warn(config->inputs.targets[i], config->conf.stale_after_ns, now);
}

void run_config_fini(struct run_config *config)
{
	inputs_fini(&config->inputs);
	address_origins_fini(&config->origins);
	conf_run_fini(&config->conf);
}
