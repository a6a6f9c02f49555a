/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect.h"
#include "app/common/exit.h"

int main(int argc, char **argv)
{
	exit_prepare();
	return exit_finish(collect_command.run(argc, argv));
}
