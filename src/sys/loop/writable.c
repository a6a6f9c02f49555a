/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/loop/writable.h"

#include <poll.h>

bool writable_wait(int fd, int wait_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};

	return poll(&poll_fd, 1, wait_ms) > 0;
}
