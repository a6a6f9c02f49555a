/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/mmdb.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#include "target/tables/cells.h"
#include "target/tables/mmdb_file.h"
#include "target/tables/mmdb_walk.h"

#define LOOK_AT 20000 /* networks at most, to see what a database has */
#define CACHE 1024    /* entries whose country is remembered; a power of two */

struct mmdb {
	MMDB_s file;
	char day[CELL_DAY];
};

/* Where the databases of several makers have the same thing. Each path ends in NULL. */
static const char *const country_paths[][3] = {
	{"country", "iso_code", NULL},
	{"country_code", NULL, NULL},
	{"country", NULL, NULL},
};
static const char *const asn_paths[][2] = {
	{"autonomous_system_number", NULL},
	{"asn", NULL},
	{"as_number", NULL},
};
static const char *const name_paths[][2] = {
	{"autonomous_system_organization", NULL},
	{"as_name", NULL},
	{"name", NULL},
};
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool get(MMDB_entry_s *entry, const char *const *path, MMDB_entry_data_s *ret_data)
{
	return MMDB_aget_value(entry, ret_data, path) == MMDB_SUCCESS && ret_data->has_data;
}

static struct cell text_of(const MMDB_entry_data_s *data)
{
	if (data->type != MMDB_DATA_TYPE_UTF8_STRING)
		return (struct cell){"", 0};
	return (struct cell){data->utf8_string, data->data_size};
}

static uint32_t number_of(const MMDB_entry_data_s *data)
{
	struct cell text = text_of(data);
	uint32_t asn = 0;

	if (data->type == MMDB_DATA_TYPE_UINT32)
		return data->uint32;
	if (data->type == MMDB_DATA_TYPE_UINT16)
		return data->uint16;
	if (data->type == MMDB_DATA_TYPE_UINT64 && data->uint64 <= UINT32_MAX)
		return (uint32_t)data->uint64;
	return cell_asn(&text, &asn) ? asn : 0;
}

static void find_country(MMDB_entry_s *entry, char ret_country[3])
{
	MMDB_entry_data_s data;

	for (size_t i = 0; i < COUNT(country_paths); i++)
		if (get(entry, country_paths[i], &data)) {
			struct cell text = text_of(&data);

			if (cell_country(&text, ret_country))
				return;
		}
	ret_country[0] = '\0';
}

static uint32_t find_asn(MMDB_entry_s *entry)
{
	MMDB_entry_data_s data;
	uint32_t asn = 0;

	for (size_t i = 0; i < COUNT(asn_paths) && asn == 0; i++)
		if (get(entry, asn_paths[i], &data))
			asn = number_of(&data);
	return asn;
}

static void find_name(MMDB_entry_s *entry, struct mmdb_answer *answer)
{
	MMDB_entry_data_s data;

	for (size_t i = 0; i < COUNT(name_paths) && !answer->name; i++)
		if (get(entry, name_paths[i], &data) && text_of(&data).length > 0) {
			answer->name = data.utf8_string;
			answer->name_length = data.data_size;
		}
}

static MMDB_lookup_result_s look_up(const MMDB_s *file, const struct bw_addr *addr, int *ret_error)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	memcpy(&v4.sin_addr, addr->bytes, sizeof(v4.sin_addr));
	memcpy(&v6.sin6_addr, addr->bytes, sizeof(v6.sin6_addr));
	return MMDB_lookup_sockaddr(file,
				    addr->family == 4 ? (const struct sockaddr *)&v4
						      : (const struct sockaddr *)&v6,
				    ret_error);
}

struct mmdb_answer mmdb_find(const struct mmdb *mmdb, const struct bw_addr *addr)
{
	struct mmdb_answer answer = {0};
	MMDB_lookup_result_s found;
	int error = 0;

	if (addr->family == 0)
		return answer;
	found = look_up(&mmdb->file, addr, &error);
	if (error != MMDB_SUCCESS || !found.found_entry)
		return answer;
	find_country(&found.entry, answer.country);
	answer.asn = find_asn(&found.entry);
	if (answer.asn != 0)
		find_name(&found.entry, &answer);
	return answer;
}

/* Looks at some of a database to see what it has. */
struct look {
	bool has_countries, has_ases;
	uint32_t left;
};

static int look_at(void *self, const struct bw_prefix *prefix, MMDB_entry_s *entry)
{
	struct look *look = (struct look *)self;
	char country[3];

	(void)prefix;
	find_country(entry, country);
	look->has_countries = look->has_countries || country[0];
	look->has_ases = look->has_ases || find_asn(entry) != 0;
	return (look->has_countries && look->has_ases) || --look->left == 0;
}

static bool has_what(const struct look *look, enum mmdb_want want)
{
	switch (want) {
	case MMDB_WANT_EITHER:
		return look->has_countries || look->has_ases;
	case MMDB_WANT_ASES:
		return look->has_ases;
	case MMDB_WANT_COUNTRIES:
		return look->has_countries;
	}
	return false;
}

static int check_kind(const MMDB_s *file, enum mmdb_want want, struct bw_err *err)
{
	static const char *const wanted[] = {
		[MMDB_WANT_EITHER] = "country and no AS",
		[MMDB_WANT_ASES] = "AS",
		[MMDB_WANT_COUNTRIES] = "country",
	};
	const char *type = file->metadata.database_type;
	struct look look = {.left = LOOK_AT};

	if (mmdb_walk(file, look_at, &look) == BW_ERR_SYNTAX)
		return bw_err_set(err, BW_ERR_SYNTAX, "this mmdb is damaged: download it again");
	if (has_what(&look, want))
		return 0;
	return bw_err_set(err, BW_ERR_VALUE,
			  "this mmdb is of another type (%.60s): it has no %s; take one such as "
			  "%s",
			  type ? type : "without a name", wanted[want],
			  want == MMDB_WANT_ASES ? "GeoLite2-ASN" : "GeoLite2-Country");
}

static int refuse_open(int error, const char *path, struct bw_err *err)
{
	if (error == MMDB_OUT_OF_MEMORY_ERROR)
		return bw_err_set(err, -ENOMEM, "out of memory");
	if (error == MMDB_FILE_OPEN_ERROR || error == MMDB_IO_ERROR)
		return bw_err_set(err, BW_ERR_MISSING, "cannot open it: %s", strerror(errno));
	if (!mmdb_file_is(path))
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "this is no mmdb, or its end is missing; a packed one must be "
				  "unpacked");
	return bw_err_set(err, BW_ERR_SYNTAX, "this mmdb is damaged: download it again");
}

static int open_file(const char *path, enum mmdb_want want, struct mmdb *mmdb, struct bw_err *err)
{
	char moment[BW_WALL_TEXT];
	uint64_t epoch;
	int error = MMDB_open(path, MMDB_MODE_MMAP, &mmdb->file);

	if (error != MMDB_SUCCESS)
		return refuse_open(error, path, err);
	epoch = mmdb->file.metadata.build_epoch;
	if (epoch > UINT32_MAX)
		epoch = 0;
	bw_wall_format((struct bw_wall){(int64_t)epoch * BW_S}, moment);
	memcpy(mmdb->day, moment, CELL_DAY - 1);
	error = check_kind(&mmdb->file, want, err);
	if (error < 0)
		MMDB_close(&mmdb->file);
	return error;
}

int mmdb_open(const char *path, enum mmdb_want want, struct mmdb **ret_mmdb, struct bw_err *err)
{
	struct mmdb *mmdb = (struct mmdb *)calloc(1, sizeof(*mmdb));
	int code =
		mmdb ? open_file(path, want, mmdb, err) : bw_err_set(err, -ENOMEM, "out of memory");

	if (code == 0) {
		*ret_mmdb = mmdb;
		return 0;
	}
	free(mmdb);
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

void mmdb_close(struct mmdb *mmdb)
{
	if (!mmdb)
		return;
	MMDB_close(&mmdb->file);
	free(mmdb);
}

const char *mmdb_day(const struct mmdb *mmdb)
{
	return mmdb->day;
}

/* Collects the ranges of a country. Many networks share an entry, so that answers are kept. */
struct gather {
	const char *country;
	struct range_set *set;
	struct remembered {
		uint32_t offset; /* of the entry, and 1; 0: none */
		bool is_wanted;
	} cache[CACHE];
};

static bool is_wanted(struct gather *gather, MMDB_entry_s *entry)
{
	struct remembered *slot = &gather->cache[entry->offset % CACHE];
	char country[3];

	if (slot->offset != entry->offset + 1) {
		find_country(entry, country);
		*slot = (struct remembered){entry->offset + 1,
					    strcmp(country, gather->country) == 0};
	}
	return slot->is_wanted;
}

static int gather_one(void *self, const struct bw_prefix *prefix, MMDB_entry_s *entry)
{
	struct gather *gather = (struct gather *)self;

	return is_wanted(gather, entry) ? range_set_add_prefix(gather->set, prefix, 0) : 0;
}

int mmdb_add_country(const struct mmdb *mmdb, const char *country, struct range_set *set)
{
	struct gather *gather = (struct gather *)calloc(1, sizeof(*gather));
	int result;

	if (!gather)
		return -ENOMEM;
	gather->country = country;
	gather->set = set;
	result = mmdb_walk(&mmdb->file, gather_one, gather);
	free(gather);
	return result;
}
