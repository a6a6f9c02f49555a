/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/address_origins.h"

#include <stdlib.h>

#include "target/file/file.h"

struct address_origins address_origins_of(void)
{
	return (struct address_origins){.ranges = ranges_of(NULL)};
}

void address_origins_fini(struct address_origins *origins)
{
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
	int code = file_read(path, &bytes, &length, err);

	if (code < 0)
		return code;
	code = address_origins_parse(origins, bytes, length, path, err);
	free(bytes);
	return code;
}

int address_origins_seal(struct address_origins *origins)
{
	return ranges_seal(&origins->ranges);
}

void address_origins_find(const struct address_origins *origins, const struct bw_addr *addr,
			  uint32_t *ret_asn, char ret_country[3])
{
	const struct range *as = range_set_find(&origins->ranges.ases, addr);
	const struct range *country = range_set_find(&origins->ranges.every, addr);

	if (as)
		*ret_asn = as->value;
	if (country) {
		ret_country[0] = (char)(country->value >> 8);
		ret_country[1] = (char)country->value;
		ret_country[2] = '\0';
	}
}
