/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/spool_id.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/spool/write/spool_lines.h"
#include "json/document.h"
#include "json/node.h"

#define NAME "spool.json"
#define FILE_MAX 4096
#define MODE 0644 /* whatever the umask is: who ships reads it */
#define BYTES ((SPOOL_ID_TEXT - 1) / 2)

static void take_id(const struct document *document, char id[SPOOL_ID_TEXT])
{
	const struct node root = node_root(document);
	const struct node member = node_member(&root, "id");
	const char *text = node_text(&member);

	if (text && strlen(text) < SPOOL_ID_TEXT &&
	    strspn(text, "0123456789abcdef") == strlen(text))
		snprintf(id, SPOOL_ID_TEXT, "%s", text);
}

bool spool_id_read(int folder, char id[SPOOL_ID_TEXT])
{
	static const struct document_form form = {.max = FILE_MAX};
	struct document document = {.file = NAME};
	char *text = NULL;
	ssize_t length = spool_lines_load(folder, NAME, FILE_MAX, &text);

	id[0] = '\0';
	if (length >= 0 && document_parse(&document, &form, text, (size_t)length) == 0) {
		take_id(&document, id);
		document_fini(&document);
	}
	free(text);
	return id[0] != '\0';
}

static int write_id(int folder, const char *id)
{
	int fd = openat(folder, NAME,
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, MODE);
	char text[128];
	int code, length = snprintf(text, sizeof(text),
				    "{\"schema\":\"blockwatch/spool/1\",\"id\":\"%s\"}\n", id);

	if (fd < 0)
		return -errno;
	code = spool_lines_write(fd, text, (size_t)length);
	if (code == 0 && (fchmod(fd, MODE) < 0 || fsync(fd) < 0))
		code = -errno;
	close(fd);
	return code;
}

int spool_id_make(int folder, char id[SPOOL_ID_TEXT], struct bw_err *err)
{
	unsigned char bytes[BYTES];
	int code = -EIO;

	if (getrandom(bytes, sizeof(bytes), 0) == (ssize_t)sizeof(bytes)) {
		for (size_t i = 0; i < sizeof(bytes); i++)
			snprintf(id + 2 * i, 3, "%02x", bytes[i]);
		code = write_id(folder, id);
	}
	return code == 0 ? 0 : bw_err_set(err, code, "cannot write it: %s", strerror(-code));
}
