/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/machine/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WATCHDOG_USEC_MAX (UINT64_C(86400) * 1000000 * 365)

/* A path, or a name of Linux's own that no file stands for: '@' is its leading 0. */
static bool set_address(struct notify *notify, const char *name)
{
	size_t length = strlen(name);

	if ((*name != '/' && *name != '@') || length < 2 ||
	    length >= sizeof(notify->address.sun_path))
		return false;
	notify->address.sun_family = AF_UNIX;
	memcpy(notify->address.sun_path, name, length);
	notify->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	if (*name == '@')
		notify->address.sun_path[0] = '\0';
	else
		notify->length++;
	return true;
}

/* False when it is missing, no number, or out of range. */
static bool read_number(const char *name, uint64_t max, uint64_t *ret_value)
{
	const char *text = getenv(name);
	char *end;
	uint64_t value;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end || value == 0 || value > max)
		return false;
	*ret_value = value;
	return true;
}

/* Half of what is allowed, as sd_watchdog_enabled(3) advises. */
static int64_t read_watchdog(void)
{
	uint64_t usec, pid;

	if (!read_number("WATCHDOG_USEC", WATCHDOG_USEC_MAX, &usec))
		return 0;
	if (getenv("WATCHDOG_PID") &&
	    (!read_number("WATCHDOG_PID", INT32_MAX, &pid) || pid != (uint64_t)getpid()))
		return 0;
	return (int64_t)usec * BW_US / 2;
}

void notify_init(struct notify *notify)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*notify = (struct notify){.fd = -1};
	if (name && set_address(notify, name))
		notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (notify->fd >= 0)
		notify->watchdog_ns = read_watchdog();
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void notify_fini(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	*notify = (struct notify){.fd = -1};
}

static void send_text(const struct notify *notify, const char *text)
{
	ssize_t sent;

	if (notify->fd < 0)
		return;
	do
		sent = sendto(notify->fd, text, strlen(text), MSG_NOSIGNAL,
			      (const struct sockaddr *)&notify->address, notify->length);
	while (sent < 0 && errno == EINTR);
}

void notify_ready(const struct notify *notify)
{
	send_text(notify, "READY=1");
}

void notify_reloading(const struct notify *notify, struct bw_mono now)
{
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRId64, now.ns / BW_US);
	send_text(notify, text);
}

void notify_stopping(const struct notify *notify)
{
	send_text(notify, "STOPPING=1");
}

void notify_watchdog(const struct notify *notify)
{
	send_text(notify, "WATCHDOG=1");
}

void notify_status(const struct notify *notify, const char *text)
{
	char line[sizeof("STATUS=") + NOTIFY_STATUS_MAX];
	size_t end;

	end = (size_t)snprintf(line, sizeof(line), "STATUS=%s", text);
	/* Cut at a whole UTF-8 character, or the manager refuses the line. */
	if (end >= sizeof(line)) {
		end = sizeof(line) - 1;
		while (end > 0 && (text[end - strlen("STATUS=")] & 0xc0) == 0x80)
			end--;
		line[end] = '\0';
	}
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	send_text(notify, line);
}
