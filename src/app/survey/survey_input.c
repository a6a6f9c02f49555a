/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_input.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/common/log.h"
#include "sys/net/route.h"
#include "target/list/blocklist.h"
#include "target/catalog/catalog.h"

#define LINE_BYTES 512                 /* of a list; longer ones are an error */
#define SAMPLES ((uint64_t)4096)       /* addresses whose route is looked up */
#define EVERYTHING (UINT64_C(1) << 31) /* more IPv4 addresses than this are "everything" */

static int out_of_memory(struct bw_err *err)
{
	return bw_err_set(err, -ENOMEM, "out of memory");
}

int survey_read_blocklists(const struct options_texts *files, struct prefix_set **ret_set,
			   struct bw_err *err)
{
	struct prefix_set *set = prefix_set_new();
	int code = set ? 0 : out_of_memory(err);

	for (size_t i = 0; i < files->count && code >= 0; i++)
		code = blocklist_read(files->list[i], set, err);
	if (code >= 0 && prefix_set_seal(set) < 0)
		code = out_of_memory(err);
	if (code < 0) {
		prefix_set_free(set);
		return code;
	}
	*ret_set = set;
	return 0;
}

static int add_prefix(struct survey_input *input, const struct bw_prefix *prefix,
		      struct bw_err *err)
{
	char text[BW_PREFIX_TEXT];
	int code = sweep_space_add(input->space, prefix);

	if (code == BW_ERR_LIMIT)
		return bw_err_set(err, code,
				  "%s has too many addresses to ask each of them; give a list of "
				  "those that are known",
				  bw_prefix_format(prefix, text));
	return code < 0 ? out_of_memory(err) : 0;
}

/* One line of a list, comment and space around it taken off; "" when nothing is left. */
static char *strip(char *line)
{
	size_t length;

	line[strcspn(line, "#\r\n")] = '\0';
	line += strspn(line, " \t");
	length = strlen(line);
	while (length > 0 && strchr(" \t", line[length - 1]))
		line[--length] = '\0';
	return line;
}

/* Line by line, so that a list of millions is never in memory as text. */
static int read_list(struct survey_input *input, FILE *file, const char *name, struct bw_err *err)
{
	char buffer[LINE_BYTES];
	int number = 0, code = 0;

	while (code == 0 && fgets(buffer, sizeof(buffer), file)) {
		struct bw_prefix prefix;
		char *text;

		number++;
		if (!strchr(buffer, '\n') && !feof(file))
			code = bw_err_set(err, BW_ERR_SYNTAX, "the line is too long");
		else if (buffer[0] == '\0')
			code = bw_err_set(err, BW_ERR_SYNTAX, "this is no text");
		text = code < 0 ? buffer : strip(buffer);
		if (code == 0 && text[0] != '\0') {
			code = bw_prefix_parse(text, &prefix, err);
			if (code == 0)
				code = add_prefix(input, &prefix, err);
		}
		if (code < 0)
			bw_err_place(err, name, number, 0, NULL);
	}
	if (code == 0 && ferror(file))
		code = bw_err_set(err, BW_ERR_MISSING, "cannot read %s: %s", name, strerror(errno));
	return code;
}

/* The hosts of a target, or all addresses of a network that lists none. */
static int add_target(struct survey_input *input, const struct bw_target *target,
		      struct bw_err *err)
{
	int code = 0;

	for (size_t n = 0; n < target->network_count && code == 0; n++) {
		const struct bw_network *network = &target->networks[n];

		if (network->host_count == 0)
			code = add_prefix(input, &network->prefix, err);
		for (size_t h = 0; h < network->host_count && code == 0; h++) {
			struct bw_prefix host = {network->hosts[h].addr,
						 (uint8_t)bw_addr_bits(&network->hosts[h].addr)};

			code = add_prefix(input, &host, err);
		}
	}
	return code;
}

static int read_target(struct survey_input *input, const char *operand, struct bw_err *err)
{
	struct catalog_environment environment = catalog_environment();
	struct catalog *catalog = catalog_new(&environment);
	struct bw_target *target = NULL;
	int code;

	if (!catalog)
		return out_of_memory(err);
	code = catalog_resolve(catalog, operand, &target, err);
	if (code == 0)
		code = add_target(input, target, err);
	bw_target_free(target);
	catalog_free(catalog);
	return code;
}

/* A file that does not begin like JSON is a list. */
static bool is_list(FILE *file)
{
	int c = fgetc(file);

	while (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		c = fgetc(file);
	rewind(file);
	return c != '{';
}

static int read_operand(struct survey_input *input, const char *operand, struct bw_err *err)
{
	struct bw_prefix prefix;
	struct stat status;
	FILE *file;
	int code;

	if (strcmp(operand, "-") == 0)
		return read_list(input, stdin, "standard input", err);
	code = bw_prefix_parse(operand, &prefix, err);
	if (code == 0)
		return add_prefix(input, &prefix, err);
	if (stat(operand, &status) < 0 || !(file = fopen(operand, "re"))) {
		struct bw_addr addr;

		/* "198.18.0.1/16" is meant for a prefix, and what is wrong with it is said. */
		if (code == BW_ERR_VALUE || bw_addr_parse(operand, &addr) == 0)
			return code;
		return read_target(input, operand, err);
	}
	if (S_ISREG(status.st_mode) && !is_list(file))
		code = read_target(input, operand, err);
	else
		code = read_list(input, file, operand, err);
	fclose(file);
	return code;
}

static void warn_of_left_out(const struct sweep_space_sum *sum)
{
	if (sum->repeated > 0)
		log_warn("%" PRIu64 " addresses were given more than once; each is asked once",
			 sum->repeated);
	if (sum->reserved > 0)
		log_warn("%" PRIu64 " special-purpose addresses will not be asked; "
			 "--allow-reserved allows it",
			 sum->reserved);
	if (sum->blocklisted > 0)
		log_warn("%" PRIu64 " addresses on the block list will not be asked",
			 sum->blocklisted);
}

static int say_nobody(const struct sweep_space_sum *sum, struct bw_err *err)
{
	if (sum->reserved > 0)
		return bw_err_set(err, BW_ERR_VALUE,
				  "there is nobody to ask: %" PRIu64 " special-purpose addresses "
				  "(--allow-reserved allows them), %" PRIu64 " on the block list",
				  sum->reserved, sum->blocklisted);
	if (sum->blocklisted > 0)
		return bw_err_set(err, BW_ERR_VALUE,
				  "there is nobody to ask: all %" PRIu64 " addresses are on the "
				  "block list",
				  sum->blocklisted);
	return bw_err_set(err, BW_ERR_VALUE,
			  "there is nobody to ask: what was given names no address");
}

static int seal(struct survey_input *input, const struct survey_wishes *wishes, struct bw_err *err)
{
	int code = sweep_space_seal(input->space, &input->permit, &input->sum);

	if (code == BW_ERR_LIMIT)
		return bw_err_set(err, code, "more than 2^33 addresses; survey them part by part");
	if (code < 0)
		return out_of_memory(err);
	if (input->sum.count_v4 > EVERYTHING && !wishes->allow_everything)
		return bw_err_set(err, BW_ERR_USAGE,
				  "that is most of the IPv4 Internet (%" PRIu64
				  " addresses); --allow-everything allows it",
				  input->sum.count_v4);
	if (input->sum.count == 0)
		return say_nobody(&input->sum, err);
	warn_of_left_out(&input->sum);
	return 0;
}

int survey_input_open(struct survey_input *input, const struct survey_wishes *wishes,
		      char *const *operands, size_t count, struct bw_err *err)
{
	int code;

	*input = (struct survey_input){.permit = {.allow_reserved = wishes->allow_reserved}};
	input->space = sweep_space_new();
	code = input->space ? survey_read_blocklists(wishes->blocklists, &input->blocklist, err)
			    : out_of_memory(err);
	input->permit.blocklist = input->blocklist;
	for (size_t i = 0; i < count && code == 0; i++)
		code = read_operand(input, operands[i], err);
	return code < 0 ? code : seal(input, wishes, err);
}

void survey_input_close(struct survey_input *input)
{
	sweep_space_free(input->space);
	prefix_set_free(input->blocklist);
}

/* What the samples of one family say. */
struct way {
	struct bw_egress egress;
	bool found;
	uint64_t without; /* samples without a route */
	struct bw_addr first_without;
};

/* The sweep knows one way out a family: everything must go there. */
static int take_route(struct way *way, const struct bw_addr *addr, const struct route *route,
		      struct bw_err *err)
{
	struct bw_egress table[BW_EGRESS_MAX];
	uint8_t count = 0;
	int code;

	if (route->status < 0) {
		if (way->without++ == 0)
			way->first_without = *addr;
		return 0;
	}
	if (way->found && route->interface_index == way->egress.interface_index &&
	    bw_addr_equal(&route->source, &way->egress.source)) {
		/* Several gateways: which is whose, only layer 3 knows. */
		if (!bw_addr_equal(&route->gateway, &way->egress.gateway))
			way->egress.gateway.family = 0;
		return 0;
	}
	code = route_egress(route, table, &count, err);
	if (code < 0 || strcmp(table[0].interface, "lo") == 0)
		return code < 0 ? code : 0; /* an address of our own: it is not asked over lo */
	if (way->found)
		return bw_err_set(err, BW_ERR_VALUE,
				  "the addresses lie behind several ways out (%s, %s); survey them "
				  "one after the other, with --interface and --source",
				  way->egress.interface, table[0].interface);
	way->egress = table[0];
	way->found = true;
	return 0;
}

static int finish_way(struct survey_input *input, const struct way *way, const struct way *loopback,
		      struct bw_err *err)
{
	const struct way *best = way->found ? way : loopback;
	char text[BW_ADDR_TEXT];

	if (way->without > 0 && best->found)
		log_warn("no route to some addresses (%s); see 'ip route'",
			 bw_addr_format(&way->first_without, text));
	if (!best->found && way->without > 0)
		return bw_err_set(err, BW_ERR_NO_ROUTE, "no route to %s; see 'ip route'",
				  bw_addr_format(&way->first_without, text));
	if (best->found)
		input->egress[input->egress_count++] = best->egress;
	return 0;
}

/* Everything that is asked is on this machine (a test on loopback). */
static void take_loopback(struct way *way, const struct route *route, struct bw_err *err)
{
	struct bw_egress table[BW_EGRESS_MAX];
	uint8_t count = 0;

	if (way->found || route->status < 0 || route_egress(route, table, &count, err) < 0)
		return;
	way->egress = table[0];
	way->egress.gateway.family = 0;
	way->found = strcmp(table[0].interface, "lo") == 0;
}

static int route_samples(struct survey_input *input, int family, struct route_socket *socket,
			 const struct interface_wish *wish, struct bw_err *err)
{
	uint64_t count = input->sum.count < SAMPLES ? input->sum.count : SAMPLES;
	struct way way = {.found = false}, loopback = {.found = false};
	int code = 0;

	for (uint64_t i = 0; i < count && code == 0; i++) {
		uint64_t number = count == 1 ? 0 : (input->sum.count - 1) / (count - 1) * i;
		struct bw_addr addr =
			sweep_space_at(input->space,
				       i + 1 == count ? input->sum.count - 1 : number);
		struct route route;

		if (addr.family != family)
			continue;
		code = route_lookup(socket, wish, &addr, 1, &route);
		if (code < 0)
			return bw_err_set(err, code, "cannot ask the kernel for routes: %s",
					  bw_error_text(code));
		take_loopback(&loopback, &route, err);
		code = take_route(&way, &addr, &route, err);
	}
	return code < 0 ? code : finish_way(input, &way, &loopback, err);
}

int survey_input_route(struct survey_input *input, const struct survey_wishes *wishes,
		       struct bw_err *err)
{
	struct route_socket *socket = NULL;
	int code = route_open(&socket, err);

	for (int family = 4; family <= 6 && code == 0; family += 2) {
		const struct bw_addr *source =
			family == 4 ? &wishes->source->v4 : &wishes->source->v6;
		struct interface_wish wish;

		if ((family == 4 ? input->sum.count_v4 : input->sum.count_v6) == 0)
			continue;
		code = interface_wish(wishes->interface, source->family ? source : NULL, &wish,
				      err);
		if (code == 0)
			code = route_samples(input, family, socket, &wish, err);
	}
	route_close(socket);
	if (code == 0 && input->egress_count == 0)
		code = bw_err_set(err, BW_ERR_NO_ROUTE, "no route to any address; see 'ip route'");
	return code;
}
