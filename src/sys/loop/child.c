/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/loop/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "sys/machine/clock.h"

#define LOOK_MS 5

struct child {
	uv_process_t process; /* first: its address is the child's */
	int input;            /* the end of its standard input that is held open */
	void (*on_exit)(void *self, int status, int signal); /* NULL: nobody asks */
	void *self;
	struct loop *loop;
};

static void on_closed(uv_handle_t *handle)
{
	free(handle);
}

static void release(struct child *child)
{
	if (child->input >= 0)
		close(child->input);
	child->input = -1;
	uv_close((uv_handle_t *)&child->process, on_closed);
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal)
{
	struct child *child = (struct child *)(void *)process;

	loop_wake(child->loop);
	if (child->on_exit)
		child->on_exit(child->self, (int)status, signal);
	release(child);
}

static int spawn(struct child *child, const struct child_options *options, int input, int null)
{
	uv_stdio_container_t stdio[3 + CHILD_FDS_MAX] = {
		{.flags = UV_INHERIT_FD, .data.fd = input},
		{.flags = UV_INHERIT_FD, .data.fd = null},
		{.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
	};
	uv_process_options_t spawning = {
		.exit_cb = on_exit_of,
		.file = options->file,
		.args = (char **)(uintptr_t)options->args, /* libuv changes none */
		.stdio = stdio,
		.stdio_count = 3 + (int)options->fd_count,
	};

	for (size_t i = 0; i < options->fd_count; i++) {
		stdio[3 + i].flags = UV_INHERIT_FD;
		stdio[3 + i].data.fd = options->fds[i];
	}
	return uv_spawn(loop_uv(child->loop), &child->process, &spawning);
}

/* A file in memory: unlike a pipe it takes a text of any length at once. */
static int open_text(const char *text)
{
	const int fd = memfd_create("input", MFD_CLOEXEC);
	const char *rest = text;
	ssize_t count = 0;

	if (fd < 0)
		return -errno;
	while (*rest && (count = write(fd, rest, strlen(rest))) > 0)
		rest += count;
	if (count >= 0 && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	count = -errno;
	close(fd);
	return (int)count;
}

/* The two ends of the standard input; there is one alone when it is a text. */
static int open_input(const char *text, int ends[2])
{
	if (text) {
		ends[0] = open_text(text);
		return ends[0] < 0 ? ends[0] : 0;
	}
	return pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0;
}

int child_start(struct loop *loop, const struct child_options *options, struct child **ret_child,
		struct bw_err *err)
{
	struct child *child = calloc(1, sizeof(*child));
	int ends[2] = {-1, -1}, null = open("/dev/null", O_WRONLY | O_CLOEXEC), code = 0;

	if (!child || options->fd_count > CHILD_FDS_MAX)
		code = child ? BW_ERR_LIMIT : -ENOMEM;
	else
		code = null < 0 ? -errno : open_input(options->input, ends);
	if (code == 0) {
		*child = (struct child){.input = ends[1],
					.on_exit = options->on_exit,
					.self = options->self,
					.loop = loop};
		code = spawn(child, options, ends[0], null);
		if (code < 0)
			release(child);
		else
			*ret_child = child;
	} else {
		free(child);
	}
	if (ends[0] >= 0)
		close(ends[0]);
	if (null >= 0)
		close(null);
	if (code < 0)
		bw_err_set(err, code, "cannot start %s: %s", options->args[0], bw_error_text(code));
	return code;
}

void child_signal(const struct child *child, int signal)
{
	(void)kill(child->process.pid, signal);
}

/* Whether it has ended; libuv takes its status later. */
static bool has_ended(const struct child *child)
{
	siginfo_t info = {.si_pid = 0};

	return waitid(P_PID, (id_t)child->process.pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid != 0;
}

void child_end(struct child *child, int64_t patience_ns)
{
	struct bw_mono until = bw_mono_add(clock_now().mono, patience_ns);

	child->on_exit = NULL;
	while (!has_ended(child) && bw_mono_before(clock_now().mono, until))
		poll(NULL, 0, LOOK_MS);
	if (!has_ended(child))
		child_signal(child, SIGKILL);
	(void)waitpid(child->process.pid, NULL, 0);
	release(child);
}
