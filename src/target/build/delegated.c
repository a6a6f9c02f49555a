/* SPDX-License-Identifier: Apache-2.0 */
#include "target/build/delegated.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const char *const types[DELEGATED_TYPES] = {"asn", "ipv4", "ipv6"};

/* Who publishes such a file, and whose records stand in the joint one of the NRO. */
static const char *const registries[] = {"afrinic", "apnic", "arin", "lacnic",
					 "ripencc", "nro",   "iana", "ietf"};

/* The columns of a record. */
enum {
	REGISTRY,
	COUNTRY,
	TYPE,
	START,
	VALUE,
	DATE,
	STATUS,
	RECORD_CELLS,
};

/* The columns of a version line. */
enum {
	VERSION,
	PUBLISHER,
	SERIAL,
	RECORDS,
	START_DATE,
	END_DATE,
	VERSION_CELLS,
};

struct delegated delegated_of(const char *country, struct range_set *space)
{
	return (struct delegated){.country = country, .space = space};
}

static bool is_registry(const struct cell *cell)
{
	for (size_t i = 0; i < sizeof(registries) / sizeof(registries[0]); i++)
		if (cell_is_word(cell, registries[i]))
			return true;
	return false;
}

static int refuse(const struct cell *cell, const char *what, struct bw_err *err)
{
	return bw_err_set(err, BW_ERR_VALUE, "'%.*s' is %s", CELL_SHOWN(cell), what);
}

static int find_type(const struct cell *cell)
{
	for (int i = 0; i < DELEGATED_TYPES; i++)
		if (cell_is_word(cell, types[i]))
			return i;
	return -1;
}

/* Whether the part of the file that ends here has all records that it counts. */
static int check_counts(const struct delegated *delegated, struct bw_err *err)
{
	uint64_t seen = 0;

	for (int i = 0; i < DELEGATED_TYPES; i++) {
		seen += delegated->seen[i];
		if (delegated->seen[i] < delegated->summed[i])
			return bw_err_set(err, BW_ERR_VALUE,
					  "cut short: %" PRIu64
					  " records of %s and not the %" PRIu64
					  " of its summary line; download it again",
					  delegated->seen[i], types[i], delegated->summed[i]);
	}
	if (seen < delegated->counted)
		return bw_err_set(err, BW_ERR_VALUE,
				  "cut short: %" PRIu64 " records and not the %" PRIu64
				  " of its version line; download it again",
				  seen, delegated->counted);
	return 0;
}

static int take_version(struct delegated *delegated, const struct cells *cells, struct bw_err *err)
{
	uint64_t count;
	char day[CELL_DAY] = "";
	int result = check_counts(delegated, err);

	if (result < 0)
		return result;
	if (cells->count < VERSION_CELLS || !is_registry(&cells->list[PUBLISHER]))
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "this is no version line of a delegated file: it has the form "
				  "'2|REGISTRY|SERIAL|RECORDS|START|END|UTC'");
	if (!cell_number(&cells->list[RECORDS], UINT32_MAX, &count))
		return refuse(&cells->list[RECORDS], "no count of records", err);
	if (!cell_day(&cells->list[END_DATE], day) && !cell_day(&cells->list[SERIAL], day))
		return refuse(&cells->list[END_DATE], "no date", err);
	if (strcmp(day, delegated->day) > 0)
		memcpy(delegated->day, day, sizeof(day));
	memset(delegated->seen, 0, sizeof(delegated->seen));
	memset(delegated->summed, 0, sizeof(delegated->summed));
	delegated->counted = count;
	return 0;
}

static int take_summary(struct delegated *delegated, const struct cells *cells, struct bw_err *err)
{
	int type = find_type(&cells->list[TYPE]);
	uint64_t count;

	if (type < 0)
		return refuse(&cells->list[TYPE], "no type: asn, ipv4 or ipv6", err);
	if (!cell_number(&cells->list[VALUE], UINT32_MAX, &count))
		return refuse(&cells->list[VALUE], "no count of records", err);
	delegated->summed[type] = count;
	return 0;
}

static int check_status(const struct cell *status, bool *ret_is_held, struct bw_err *err)
{
	*ret_is_held = cell_is_word(status, "allocated") || cell_is_word(status, "assigned");
	if (*ret_is_held || cell_is_word(status, "available") || cell_is_word(status, "reserved"))
		return 0;
	return refuse(status, "no status: allocated, assigned, available or reserved", err);
}

static int read_v4(const struct cells *cells, struct range *ret_range, struct bw_err *err)
{
	struct bw_addr first, last;
	uint64_t count;

	if (!cell_address(&cells->list[START], &first) || first.family != 4)
		return refuse(&cells->list[START], "no IPv4 address", err);
	if (!cell_number(&cells->list[VALUE], UINT64_MAX, &count) || count == 0 ||
	    count - 1 > UINT32_MAX - bw_addr_to_v4(&first))
		return refuse(&cells->list[VALUE],
			      "no count of addresses from there to 255.255.255.255 at most", err);
	last = bw_addr_add(&first, count - 1);
	*ret_range = range_of(&first, &last, 0);
	return 0;
}

static int read_v6(const struct cells *cells, struct range *ret_range, struct bw_err *err)
{
	struct bw_prefix prefix;
	struct bw_addr addr;
	uint64_t length;

	if (!cell_address(&cells->list[START], &addr) || addr.family != 6)
		return refuse(&cells->list[START], "no IPv6 address", err);
	if (!cell_number(&cells->list[VALUE], 128, &length) || length == 0)
		return refuse(&cells->list[VALUE], "no prefix length: 1 to 128", err);
	prefix = bw_prefix_of(&addr, (unsigned)length);
	if (!bw_addr_equal(&prefix.addr, &addr))
		return refuse(&cells->list[START],
			      "no prefix of that length: it has bits behind it", err);
	*ret_range = range_of_prefix(&prefix, 0);
	return 0;
}

static int check_asn(const struct cells *cells, struct bw_err *err)
{
	uint64_t count;
	uint32_t asn;

	if (!cell_asn(&cells->list[START], &asn))
		return refuse(&cells->list[START], "no AS number", err);
	if (!cell_number(&cells->list[VALUE], UINT32_MAX, &count) || count == 0)
		return refuse(&cells->list[VALUE], "no count of AS numbers", err);
	return 0;
}

static int take_record(struct delegated *delegated, const struct cells *cells, struct bw_err *err)
{
	int type = find_type(&cells->list[TYPE]), result;
	bool is_held = false;
	struct range range;

	if (type < 0)
		return refuse(&cells->list[TYPE], "no type: asn, ipv4 or ipv6", err);
	result = check_status(&cells->list[STATUS], &is_held, err);
	if (result == 0 && type == DELEGATED_ASN)
		result = check_asn(cells, err);
	if (result == 0 && type == DELEGATED_IPV4)
		result = read_v4(cells, &range, err);
	if (result == 0 && type == DELEGATED_IPV6)
		result = read_v6(cells, &range, err);
	if (result < 0)
		return result;
	delegated->seen[type]++;
	delegated->records++;
	if (type == DELEGATED_ASN || !is_held ||
	    !cell_is_word(&cells->list[COUNTRY], delegated->country))
		return 0;
	result = range_set_add(delegated->space, &range);
	return result < 0 ? bw_err_set(err, result, "out of memory") : 0;
}

static bool is_version(const struct cell *cell)
{
	double version;

	return cell_real(cell, &version);
}

int delegated_line(void *self, const struct text_line *line, struct bw_err *err)
{
	struct delegated *delegated = (struct delegated *)self;
	struct cells cells;

	if (cells_is_blank(line))
		return 0;
	cells_split(line, '|', &cells);
	if (is_version(&cells.list[VERSION]) && cells.count > 1)
		return take_version(delegated, &cells, err);
	if (cells.count < 2 || !is_registry(&cells.list[REGISTRY]))
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "this is no line of a delegated file: it has the form "
				  "'REGISTRY|CC|TYPE|START|VALUE|DATE|STATUS'");
	if (cells.count == RECORD_CELLS - 1 && cell_is_word(&cells.list[DATE], "summary"))
		return take_summary(delegated, &cells, err);
	if (cells.count < RECORD_CELLS)
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "the record has %u fields and not %d: was it cut short?",
				  cells.count, RECORD_CELLS);
	return take_record(delegated, &cells, err);
}

int delegated_end(struct delegated *delegated, struct bw_err *err)
{
	int result = check_counts(delegated, err);

	if (result < 0)
		return result;
	if (delegated->records == 0)
		return bw_err_set(err, BW_ERR_VALUE, "no delegation in it");
	return 0;
}
