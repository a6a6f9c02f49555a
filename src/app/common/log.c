/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "sys/sink/unblocked.h"

#define LINE 1200
#define TEXT 1024

/* The levels of syslog(3). */
enum level { LEVEL_ERROR = 3, LEVEL_WARNING = 4, LEVEL_INFO = 6 };

/* How a service logs; all zero for other commands. */
static struct {
	bool active, journal;
	struct unblocked out;
	uint64_t lost; /* lines since the last one that was written */
} service;

static bool quiet, verbose;

void log_set_verbosity(bool is_quiet, bool is_verbose)
{
	quiet = is_quiet;
	verbose = is_verbose && !is_quiet;
}

bool log_is_quiet(void)
{
	return quiet;
}

/* JOURNAL_STREAM is "DEVICE:INODE" of the socket that leads to the journal. */
static bool is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat status;
	uint64_t device, inode;

	return stream && sscanf(stream, "%" SCNu64 ":%" SCNu64, &device, &inode) == 2 &&
	       fstat(fd, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

void log_as_service(void)
{
	service.active = true;
	service.journal = is_journal(STDERR_FILENO);
	unblocked_init(&service.out, STDERR_FILENO);
}

bool log_is_journal(void)
{
	return service.journal;
}

/* Returns false when standard error takes nothing now. A cut line is ended by the next. */
static bool write_line(const char *line)
{
	size_t length = strlen(line);

	return unblocked_write(&service.out, line, length) == (ssize_t)length;
}

static size_t begin_line(char *line, enum level level)
{
	if (service.journal)
		return (size_t)snprintf(line, LINE, "<%d>", (int)level);
	return (size_t)snprintf(line, LINE, "blockwatch: ");
}

static void write_lost(void)
{
	char line[LINE];
	size_t at = begin_line(line, LEVEL_WARNING);

	snprintf(line + at, sizeof(line) - at, "%" PRIu64 " messages were not read and are lost\n",
		 service.lost);
	if (write_line(line))
		service.lost = 0;
}

static void put(enum level level, const char *command, const char *text)
{
	char line[LINE];
	size_t at = begin_line(line, level);

	if (command) {
		at = clean_append(line, sizeof(line) - 2, at, command);
		at = clean_append(line, sizeof(line) - 2, at, ": ");
	}
	at = clean_append(line, sizeof(line) - 2, at, text);
	snprintf(line + at, sizeof(line) - at, "\n");
	if (!service.active) {
		fputs(line, stderr);
		return;
	}
	if (service.lost > 0)
		write_lost();
	if (service.lost > 0 || !write_line(line))
		service.lost++;
}

void log_error(const char *command, const struct bw_err *err)
{
	char text[TEXT];

	put(LEVEL_ERROR, command, bw_err_format(err, text, sizeof(text)));
}

static void put_formatted(enum level level, const char *format, va_list arguments)
{
	char text[TEXT];

	if (quiet)
		return;
	vsnprintf(text, sizeof(text), format, arguments);
	put(level, NULL, text);
}

void log_warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_formatted(LEVEL_WARNING, format, arguments);
	va_end(arguments);
}

void log_info(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_formatted(LEVEL_INFO, format, arguments);
	va_end(arguments);
}

void log_detail(const char *format, ...)
{
	va_list arguments;

	if (!verbose)
		return;
	va_start(arguments, format);
	put_formatted(LEVEL_INFO, format, arguments);
	va_end(arguments);
}
