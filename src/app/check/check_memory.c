/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two checks may end at the same time. Each takes the lock of the directory, reads what is there
 * by then, adds what it has learned, and replaces the file. The lock is held for milliseconds; a
 * check that cannot have it within a second does not save.
 */
#include "app/check/check_memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/common/log.h"
#include "sys/disk/state_file.h"
#include "version.h"

static const char *absolute(const char *path)
{
	return path && *path == '/' ? path : NULL;
}

struct check_memory_config check_memory_config(const char *state, bool off)
{
	return (struct check_memory_config){
		.state = state,
		.off = off,
		.state_home = getenv("XDG_STATE_HOME"),
		.home = getenv("HOME"),
		.service = CHECK_MEMORY_SERVICE,
	};
}

static bool is_folder(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/*
 * XDG base directories must be absolute, or they do not count. A home that is not there (users of
 * services have such) is not made. NULL in *RET_PATH: there is no place.
 */
static int find_own(const struct check_memory_config *config, char **ret_path)
{
	const char *state_home = absolute(config->state_home);
	const char *home = is_folder(absolute(config->home)) ? config->home : NULL;
	int length = 0;

	*ret_path = NULL;
	if (state_home)
		length = asprintf(ret_path, "%s/blockwatch", state_home);
	else if (home)
		length = asprintf(ret_path, "%s/.local/state/blockwatch", home);
	return length < 0 ? -ENOMEM : 0;
}

static void warn(struct check_memory *memory, const struct bw_err *err)
{
	char text[1024];

	if (!memory->warned)
		log_warn("check: %s; the check goes on without it (--no-state: no warning)",
			 bw_err_format(err, text, sizeof(text)));
	memory->warned = true;
}

static int read_named(const char *directory, const struct state_handlers *handlers,
		      struct bw_err *err)
{
	int code = state_file_peek(directory, false, handlers, err);

	if (code != 0)
		return code < 0 ? code : 0;
	bw_err_set(err, BW_ERR_MISSING,
		   "no state of a daemon here; give the state_directory of its configuration");
	bw_err_place(err, directory, 0, 0, NULL);
	return BW_ERR_MISSING;
}

/* What cannot be read is not known, and no reason not to check. */
static int read_found(struct check_memory *memory, const char *service,
		      const struct state_handlers *handlers)
{
	struct bw_err why = {0};
	int code = memory->own ? state_file_peek(memory->own, true, handlers, &why) : 0;

	if (code < 0 && code != -ENOMEM)
		warn(memory, &why);
	if (code == -ENOMEM || !service)
		return code == -ENOMEM ? code : 0;
	code = state_file_peek(service, false, handlers, &why);
	if (code == BW_ERR_SYNTAX || code == BW_ERR_VALUE)
		warn(memory, &why);
	return code == -ENOMEM ? code : 0;
}

int check_memory_open(struct check_memory *memory, const struct check_memory_config *config,
		      const struct roster *roster, struct bw_wall now, struct bw_err *err)
{
	struct memory_reader reader = {.memory = &memory->memory, .roster = roster};
	const struct state_handlers handlers = memory_handlers(&reader);
	int code;

	*memory = (struct check_memory){0};
	if (config->state)
		code = read_named(config->state, &handlers, err);
	else if (config->off)
		return 0;
	else if (find_own(config, &memory->own) < 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	else
		code = read_found(memory, config->service, &handlers);
	if (code == -ENOMEM)
		return bw_err_set(err, code, "out of memory");
	memory_tidy(&memory->memory, now);
	return code;
}

/* Makes PATH and the folders above it. */
static int make_folders(char *path)
{
	for (char *slash = path + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		int made;

		*slash = '\0';
		made = mkdir(path, 0700);
		*slash = '/';
		if (made < 0 && errno != EEXIST)
			return -errno;
	}
	return mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

static int replace(struct state_file *file, const struct memory *all, const struct ledger *ledger,
		   struct bw_err *err)
{
	const struct state_head head = {
		.vantage = ledger->config.name,
		.program = BW_VERSION,
		.boots = 1,
		.saved = ledger->now.wall,
	};
	FILE *out;
	int code = state_file_begin(file, &out, err);

	return code < 0 ? code : state_file_commit(file, memory_save(all, out, &head, err), err);
}

/* Adds what was learned to what is there by now. A damaged file is set aside and begun anew. */
static int merge(struct check_memory *memory, struct state_file *file, const struct ledger *ledger,
		 struct bw_mono began, struct bw_err *err)
{
	struct memory all = {0};
	struct memory_reader reader = {.memory = &all};
	const struct state_handlers handlers = memory_handlers(&reader);
	int code = state_file_lock_soon(file, err);

	if (code == 0)
		code = state_file_load(file, &handlers, ledger->now.wall, err);
	if (code == BW_ERR_SYNTAX || code == BW_ERR_VALUE) {
		warn(memory, err);
		memory_fini(&all);
		code = 0;
	}
	if (code >= 0 && memory_learn(&all, ledger, began) < 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	if (code >= 0)
		code = replace(file, &all, ledger, err);
	memory_fini(&all);
	return code;
}

static int save(struct check_memory *memory, const struct ledger *ledger, struct bw_mono began,
		struct bw_err *err)
{
	struct state_file *file = NULL;
	int code = make_folders(memory->own);

	if (code < 0) {
		bw_err_set(err, code, "cannot make the folder: %s", bw_error_text(code));
		bw_err_place(err, memory->own, 0, 0, NULL);
		return code;
	}
	code = state_file_open(memory->own, &file, err);
	if (code == 0)
		code = state_file_check_own(file, err);
	if (code == 0)
		code = merge(memory, file, ledger, began, err);
	state_file_close(file);
	return code;
}

void check_memory_learn(struct check_memory *memory, const struct ledger *ledger,
			struct bw_mono began)
{
	struct memory learned = {0};
	struct bw_err err = {0};

	if (memory_learn(&learned, ledger, began) == 0 && learned.count > 0) {
		(void)memory_learn(&memory->memory, ledger, began);
		if (memory->own && save(memory, ledger, began, &err) < 0)
			warn(memory, &err);
	}
	memory_fini(&learned);
}

void check_memory_close(struct check_memory *memory)
{
	memory_fini(&memory->memory);
	free(memory->own);
	*memory = (struct check_memory){0};
}
