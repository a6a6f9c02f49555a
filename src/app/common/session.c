/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/session.h"

#include <errno.h>
#include <string.h>

#include "app/common/egress.h"
#include "app/common/log.h"
#include "base/addr/special_purpose.h"
#include "base/siphash.h"

#define ALLOW "give --allow-reserved" /* of the commands */

static bool is_given_before(const struct session_target *targets, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(targets[j].argument, targets[i].argument) == 0)
			return true;
	return false;
}

static int read_targets(struct inputs *inputs, const struct session_target *targets, size_t count,
			struct bw_err *err)
{
	int code = 0;

	for (size_t i = 0; i < count && code == 0; i++) {
		if (is_given_before(targets, i))
			log_warn("%s is given more than once, and watched once",
				 targets[i].argument);
		else
			code = inputs_add_target(inputs, targets[i].argument, targets[i].methods,
						 err);
	}
	return code;
}

static int read_inputs(struct inputs *inputs, const struct conf_probing *options,
		       const struct session_target *targets, size_t count, struct bw_err *err)
{
	int code = inputs_init(inputs, err);

	inputs->family = conf_family(options->v4, options->v6);
	inputs->names = options->resolve ? INPUTS_NAMES : INPUTS_NAMES_OFF;
	if (code == 0)
		code = read_targets(inputs, targets, count, err);
	for (size_t i = 0; i < options->blocklists.count && code == 0; i++)
		code = inputs_add_blocklist(inputs, options->blocklists.list[i], err);
	for (size_t i = 0; i < options->references.count && code == 0; i++)
		code = inputs_add_reference(inputs, options->references.list[i], err);
	for (size_t i = 0; i < inputs->target_count && code == 0; i++)
		code = inputs_add_references_of(inputs, i, err);
	return code == 0 ? inputs_finish(inputs, err) : code;
}

void session_warn_of_refused(const struct roster *roster, const char *allow)
{
	char text[BW_PREFIX_TEXT];
	struct bw_prefix prefix;
	uint32_t first = 0, count = 0;
	bool may_be_allowed;
	int refused;

	for (uint32_t i = 0; i < roster->block_count; i++) {
		if (roster_refused(roster, i) == 0)
			continue;
		if (count++ == 0)
			first = i;
	}
	if (count == 0)
		return;
	prefix = roster_prefix(roster, first);
	refused = roster_refused(roster, first);
	may_be_allowed =
		refused == BW_ERR_SPECIAL_PURPOSE && !special_purpose_is_no_host(&prefix.addr);
	log_warn("%s will not be probed: %s%s%s%s%s", bw_prefix_format(&prefix, text),
		 permit_refusal(refused, &prefix.addr), may_be_allowed ? ", " : "",
		 may_be_allowed ? allow : "", may_be_allowed ? " to allow it" : "",
		 count > 1 ? " (and more blocks likewise)" : "");
}

static uint64_t random_seed(void)
{
	struct siphash_key key = siphash_key_random();

	return siphash(&key, NULL, 0) | 1;
}

int session_open_with(struct session *session, const struct inputs *inputs,
		      const struct conf_probing *options, const struct session_caller *caller,
		      struct bw_err *err)
{
	struct roster_options roster = {
		.permit = &session->permit,
		.seed = options->seed ? options->seed : random_seed(),
	};
	struct bw_err why;
	int code;

	session->permit = (struct permit){
		.allow_reserved = options->allow_reserved,
		.blocklist = inputs->blocklist,
	};
	code = roster_init(&session->roster, (const struct bw_target *const *)inputs->targets,
			   inputs->target_count, &roster, err);
	if (code < 0)
		return code;
	session_warn_of_refused(&session->roster, caller->allow);
	code = egress_find(&session->egress, &session->roster, &session->permit, options,
			   &inputs->references, &why);
	if (caller->waits && (code == BW_ERR_MISSING || code == -ENETDOWN)) {
		log_error("waiting for the way out", &why);
		return 0;
	}
	if (code < 0 && err)
		*err = why;
	return code;
}

int session_open(struct session *session, const struct conf_probing *options,
		 const struct session_target *targets, size_t count, bool waits, struct bw_err *err)
{
	const struct session_caller caller = {.allow = ALLOW, .waits = waits};
	int code;

	*session = (struct session){0};
	code = read_inputs(&session->own, options, targets, count, err);
	if (code == 0)
		code = session_open_with(session, &session->own, options, &caller, err);
	return code;
}

int session_renew(struct session *session, const struct conf_probing *options, struct bw_err *err)
{
	const struct session_caller caller = {.allow = ALLOW, .waits = true};

	roster_fini(&session->roster);
	session->egress = (struct egress_set){0};
	return session_open_with(session, &session->own, options, &caller, err);
}

void session_close(struct session *session)
{
	roster_fini(&session->roster);
	inputs_fini(&session->own);
}
