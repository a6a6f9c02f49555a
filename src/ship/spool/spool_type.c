/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/spool/spool_type.h"

static const char *const names[] = {
#define X(name, text) text,
	SPOOL_TYPE_LIST(X)
#undef X
};

const char *spool_type_name(unsigned type)
{
	return type < SPOOL_TYPES ? names[type] : "";
}

unsigned spool_type_of(const struct ship_text *text)
{
	unsigned type = 0;

	while (type < SPOOL_TYPES && !ship_text_is(text, names[type]))
		type++;
	return type;
}

void spool_sums_add(struct spool_sums *sums, const struct spool_sums *more)
{
	for (unsigned i = 0; i < SPOOL_TYPES; i++) {
		sums->records[i] += more->records[i];
		sums->bytes[i] += more->bytes[i];
	}
}

uint64_t spool_sums_records(const struct spool_sums *sums)
{
	uint64_t records = 0;

	for (unsigned i = 0; i < SPOOL_TYPES; i++)
		records += sums->records[i];
	return records;
}
