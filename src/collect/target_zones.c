/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/target_zones.h"

#include <ctype.h>
#include <string.h>

#include "target/country.h"

struct entry {
	const struct country *country;
	struct zone *zone; /* NULL: this machine does not have it */
};

void target_zones_init(struct target_zones *zones)
{
	zones->list = array_of(sizeof(struct entry));
}

void target_zones_fini(struct target_zones *zones)
{
	for (uint32_t n = 0; n < zones->list.count; n++)
		zone_free(((struct entry *)array_at(&zones->list, n))->zone);
	array_fini(&zones->list);
}

static const struct country *country_of(const char *target)
{
	char code[3] = "";

	if (strlen(target) != 2)
		return NULL;
	for (int n = 0; n < 2; n++)
		code[n] = (char)toupper((unsigned char)target[n]);
	return country_find(code);
}

const struct zone *target_zones_get(struct target_zones *zones, const char *target,
				    const char **ret_name)
{
	struct entry entry = {.country = country_of(target)};

	if (!entry.country || !entry.country->timezone)
		return NULL;
	*ret_name = entry.country->timezone;
	for (uint32_t n = 0; n < zones->list.count; n++) {
		const struct entry *known = array_at(&zones->list, n);

		if (known->country == entry.country)
			return known->zone;
	}
	entry.zone = zone_read(entry.country->timezone);
	if (array_add(&zones->list, &entry) >= 0)
		return entry.zone;
	zone_free(entry.zone);
	return NULL;
}
