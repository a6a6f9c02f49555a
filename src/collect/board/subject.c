/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/subject.h"

#include <stdio.h>

#define ALL UINT32_MAX

static int each_target(const struct board *board, uint32_t only,
		       int (*look)(void *arg, const struct subject *subject), void *arg)
{
	int result = 0;

	for (uint32_t n = 0; n < board->targets.count && result >= 0; n++) {
		const struct subject subject = {
			.scope = BW_SCOPE_TARGET,
			.target = n,
			.merged = &board_target(board, n)->merged,
		};

		if (only == ALL || only == n)
			result = look(arg, &subject);
	}
	return result;
}

static int each_network(const struct board *board, uint32_t only,
			int (*look)(void *arg, const struct subject *subject), void *arg)
{
	int result = 0;

	for (uint32_t n = 0; n < board->networks.count && result >= 0; n++) {
		struct board_network *network = board_network(board, n);
		const struct subject subject = {
			.scope = BW_SCOPE_NETWORK,
			.target = network->target,
			.merged = &network->merged,
			.prefix = &network->prefix,
		};

		if (only == ALL || only == network->target)
			result = look(arg, &subject);
	}
	return result;
}

static int each_block(const struct board *board, uint32_t only,
		      int (*look)(void *arg, const struct subject *subject), void *arg)
{
	int result = 0;

	for (uint32_t n = 0; n < board->blocks.count && result >= 0; n++) {
		struct board_block *block = board_block(board, n);
		const struct subject subject = {
			.scope = BW_SCOPE_BLOCK,
			.target = block->target,
			.merged = &block->merged,
			.prefix = &block->prefix,
			.block = block,
		};

		if (only == ALL || only == block->target)
			result = look(arg, &subject);
	}
	return result;
}

int subject_each_of(const struct board *board, uint32_t target,
		    int (*look)(void *arg, const struct subject *subject), void *arg)
{
	int result = each_target(board, target, look, arg);

	if (result >= 0)
		result = each_network(board, target, look, arg);
	return result < 0 ? result : each_block(board, target, look, arg);
}

int subject_each(const struct board *board, int (*look)(void *arg, const struct subject *subject),
		 void *arg)
{
	return subject_each_of(board, ALL, look, arg);
}

const char *subject_format(const struct board *board, const struct subject *subject,
			   char text[SUBJECT_TEXT])
{
	if (subject->prefix)
		return bw_prefix_format(subject->prefix, text);
	snprintf(text, SUBJECT_TEXT, "%s", board_target(board, subject->target)->name);
	return text;
}
