/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/mmdb_absent.h"

int mmdb_open(const char *path, enum mmdb_want want, struct mmdb **ret_mmdb, struct bw_err *err)
{
	(void)want;
	(void)ret_mmdb;
	bw_err_set(
		err, BW_ERR_UNAVAILABLE,
		"this blockwatch was built without libmaxminddb and reads no mmdb: build it with "
		"-Dmmdb=enabled, or give a table of ranges (--ranges)");
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

void mmdb_close(struct mmdb *mmdb)
{
	(void)mmdb;
}

const char *mmdb_day(const struct mmdb *mmdb)
{
	(void)mmdb;
	return "";
}

struct mmdb_answer mmdb_find(const struct mmdb *mmdb, const struct bw_addr *addr)
{
	(void)mmdb;
	(void)addr;
	return (struct mmdb_answer){0};
}

int mmdb_add_country(const struct mmdb *mmdb, const char *country, struct range_set *set)
{
	(void)mmdb;
	(void)country;
	(void)set;
	return 0;
}
