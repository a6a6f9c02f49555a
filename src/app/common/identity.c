/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/identity.h"

#include <stdio.h>
#include <unistd.h>

#include "base/siphash.h"

void identity_boot(char text[IDENTITY_BOOT_TEXT])
{
	struct siphash_key id = siphash_key_random();

	_Static_assert(2 * sizeof(id.bytes) + 1 == IDENTITY_BOOT_TEXT, "a boot id is one key");
	for (unsigned i = 0; i < sizeof(id.bytes); i++)
		snprintf(text + 2 * i, 3, "%02x", id.bytes[i]);
}

void identity_host(char text[IDENTITY_HOST_TEXT])
{
	if (gethostname(text, IDENTITY_HOST_TEXT) < 0 || text[0] == '\0')
		snprintf(text, IDENTITY_HOST_TEXT, "localhost");
	text[IDENTITY_HOST_TEXT - 1] = '\0';
}
