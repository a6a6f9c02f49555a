/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/address_origins.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target/file/file.h"
#include "target/tables/mmdb_file.h"

struct address_origins address_origins_of(void)
{
	return (struct address_origins){.ranges = ranges_of(NULL)};
}

void address_origins_fini(struct address_origins *origins)
{
	for (size_t i = 0; i < origins->database_count; i++)
		mmdb_close(origins->databases[i]);
	free(origins->databases);
	ranges_fini(&origins->ranges);
}

int address_origins_parse(struct address_origins *origins, const char *bytes, size_t length,
			  const char *file, struct bw_err *err)
{
	int code;

	ranges_begin(&origins->ranges);
	code = text_lines_read(file, bytes, length, ranges_line, &origins->ranges, err);
	if (code < 0)
		return code;
	code = ranges_end(&origins->ranges, err);
	if (code < 0)
		bw_err_place(err, file, 0, 0, NULL);
	return code;
}

int address_origins_read(struct address_origins *origins, const char *path, struct bw_err *err)
{
	char *bytes;
	size_t length;
	int code;

	if (mmdb_file_is(path)) {
		bw_err_set(err, BW_ERR_SYNTAX, "this is an mmdb and no table: give it as --mmdb");
		bw_err_place(err, path, 0, 0, NULL);
		return BW_ERR_SYNTAX;
	}
	code = file_read(path, &bytes, &length, err);
	if (code < 0)
		return code;
	code = address_origins_parse(origins, bytes, length, path, err);
	free(bytes);
	return code;
}

int address_origins_read_mmdb(struct address_origins *origins, const char *path,
			      enum mmdb_want want, struct bw_err *err)
{
	size_t size = (origins->database_count + 1) * sizeof(*origins->databases);
	struct mmdb **list = (struct mmdb **)realloc(origins->databases, size), *mmdb = NULL;
	int code;

	if (!list)
		return bw_err_set(err, -ENOMEM, "out of memory");
	origins->databases = list;
	code = mmdb_open(path, want, &mmdb, err);
	if (code < 0)
		return code;
	list[origins->database_count++] = mmdb;
	return 0;
}

int address_origins_seal(struct address_origins *origins)
{
	return ranges_seal(&origins->ranges);
}

static void find_in_tables(const struct ranges *ranges, const struct bw_addr *addr,
			   struct mmdb_answer *answer)
{
	const struct range *as = range_set_find(&ranges->ases, addr);
	const struct range *country = range_set_find(&ranges->every, addr);

	if (as)
		answer->asn = as->value;
	if (country) {
		answer->country[0] = (char)(country->value >> 8);
		answer->country[1] = (char)country->value;
	}
}

/* Adds what ANSWER does not say yet. */
static void complete(struct mmdb_answer *answer, const struct mmdb_answer *more)
{
	if (!answer->country[0])
		memcpy(answer->country, more->country, sizeof(answer->country));
	if (answer->asn == 0)
		answer->asn = more->asn;
	if (!answer->name && answer->asn == more->asn) {
		answer->name = more->name;
		answer->name_length = more->name_length;
	}
}

static struct mmdb_answer find(const struct address_origins *origins, const struct bw_addr *addr)
{
	struct mmdb_answer answer = {0};

	find_in_tables(&origins->ranges, addr, &answer);
	answer.name = ranges_name(&origins->ranges, answer.asn);
	if (answer.name)
		answer.name_length = strlen(answer.name);
	for (size_t i = 0; i < origins->database_count; i++) {
		struct mmdb_answer more = mmdb_find(origins->databases[i], addr);

		complete(&answer, &more);
	}
	return answer;
}

void address_origins_find(const struct address_origins *origins, const struct bw_addr *addr,
			  uint32_t *ret_asn, char ret_country[3])
{
	struct mmdb_answer answer = find(origins, addr);

	if (answer.asn != 0)
		*ret_asn = answer.asn;
	if (answer.country[0])
		memcpy(ret_country, answer.country, sizeof(answer.country));
}

void address_origins_label(const void *origins, const struct bw_addr *addr, uint32_t *ret_asn,
			   char ret_country[3])
{
	address_origins_find(origins, addr, ret_asn, ret_country);
}

int address_origins_name(const struct address_origins *origins, const struct bw_addr *addr,
			 uint32_t asn, char **ret_name)
{
	struct mmdb_answer answer = find(origins, addr);
	struct cell name = {answer.name, answer.name_length};

	*ret_name = NULL;
	if (!answer.name || answer.asn != asn || asn == 0)
		return 0;
	*ret_name = strndup(name.at, cell_cut(&name, RANGES_NAME_MAX));
	if (!*ret_name)
		return -ENOMEM;
	for (char *c = *ret_name; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	return 0;
}
