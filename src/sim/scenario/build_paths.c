/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scenario/build_paths.h"

#include <string.h>

#include "base/suggest.h"

#define BORDERS_V4 0x0a600000 /* 10.96.0.0: addresses of border routers */

int build_paths_routers(struct builder *builder)
{
	const struct scenario *s = builder->scenario;

	for (size_t i = 0; i < s->router_count; i++) {
		const struct scenario_router *from = &s->routers[i];
		struct sim_router router = {
			.v4 = from->addresses.v4,
			.v6 = from->addresses.v6,
			.silent = from->silent,
			.errors_pps = from->errors_pps,
			.long_quote = from->long_quote,
		};
		int number =
			sim_world_add_router(builder->simulation->world, &router, builder->err);

		if (number < 0)
			return scenario_blame(s, builder->err, "routers[%zu]", i);
		builder->routers[i] = (uint16_t)number;
	}
	return 0;
}

int build_paths_add_border(struct builder *builder)
{
	struct sim_router router = {.v4 = bw_addr_from_v4(BORDERS_V4 + ++builder->borders)};

	(void)bw_addr_parse("2001:db8:fffe::", &router.v6);
	router.v6 = bw_addr_add(&router.v6, builder->borders);
	return sim_world_add_router(builder->simulation->world, &router, builder->err);
}

int build_paths_find_router(const struct builder *builder, const char *name, size_t length)
{
	const struct scenario *s = builder->scenario;
	struct suggest suggest;
	char text[65];

	snprintf(text, sizeof(text), "%.*s", (int)length, name);
	suggest_init(&suggest, text);
	for (size_t i = 0; i < s->router_count; i++) {
		if (strcmp(s->routers[i].name, text) == 0)
			return builder->routers[i];
		suggest_offer(&suggest, s->routers[i].name);
	}
	if (suggest.best)
		return bw_err_set(builder->err, BW_ERR_VALUE,
				  "no router is called '%s', did you mean '%s'?", text,
				  suggest.best);
	return bw_err_set(builder->err, BW_ERR_VALUE,
			  "no router is called '%s': list it in routers", text);
}

/* Reads the routers of a hop. "left|right" are two that share the load. */
static int read_hop(struct builder *builder, const char *text, struct sim_hop *hop)
{
	for (;;) {
		size_t length = strcspn(text, "|");
		int number = build_paths_find_router(builder, text, length);

		if (number < 0)
			return number;
		if (hop->count == SIM_PARALLEL_MAX)
			return bw_err_set(builder->err, BW_ERR_LIMIT,
					  "at most %d routers share the load", SIM_PARALLEL_MAX);
		hop->routers[hop->count++] = (uint16_t)number;
		if (!text[length])
			return 0;
		text += length + 1;
	}
}

static int add_part(struct builder *builder, const struct build_part *part, struct sim_path *path)
{
	for (size_t i = 0; i < part->texts->count; i++) {
		int rc;

		if (path->hop_count >= SIM_HOPS_MAX - 1)
			rc = bw_err_set(builder->err, BW_ERR_LIMIT, "at most %d routers",
					SIM_HOPS_MAX - 1);
		else
			rc = read_hop(builder, part->texts->list[i].text,
				      &path->hops[path->hop_count++]);
		if (rc < 0)
			return scenario_blame(builder->scenario, builder->err, "%s[%zu]",
					      part->field, i);
	}
	return 0;
}

int build_paths_add(struct builder *builder, const struct build_part *parts, size_t count,
		    int border)
{
	struct sim_path path = {.hop_count = 0};
	int rc;

	for (size_t i = 0; i < count; i++) {
		rc = add_part(builder, &parts[i], &path);
		if (rc < 0)
			return rc;
	}
	if (border >= 0)
		path.hops[path.hop_count++] =
			(struct sim_hop){.count = 1, .routers = {(uint16_t)border}};
	rc = sim_world_add_path(builder->simulation->world, &path, builder->err);
	return rc < 0 ? scenario_blame(builder->scenario, builder->err, "%s", parts[0].field) : rc;
}
