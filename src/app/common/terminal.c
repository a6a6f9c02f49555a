/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct paint terminal_paint(int fd)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	bool colour =
		isatty(fd) && !(no_colour && no_colour[0]) && !(term && strcmp(term, "dumb") == 0);

	setlocale(LC_CTYPE, "");
	return (struct paint){.colour = colour, .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0};
}

unsigned terminal_width(int fd)
{
	struct winsize size = {0};

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
