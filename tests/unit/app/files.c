/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

void files_make(char path[FILES_PATH], const char *text)
{
	size_t length = strlen(text);
	int fd;

	snprintf(path, FILES_PATH, "/tmp/blockwatch-unit-app-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), (ssize_t)length);
	assert_int_equal(close(fd), 0);
}
