/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_target_name.h"

#include <string.h>

#define PREFIX "/v1/targets/"
#define NAME_MAX_LENGTH 255

const struct board_target *api_target_name_find(const struct board *board, const char *path,
						const char *suffix)
{
	const char *name = path + strlen(PREFIX);
	const size_t length = strlen(name) - strlen(suffix);
	char copy[NAME_MAX_LENGTH + 1];

	if (length == 0 || length > NAME_MAX_LENGTH)
		return NULL;
	memcpy(copy, name, length);
	copy[length] = '\0';
	return board_find_target(board, copy);
}
