/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a state with all that there can be in one, for validate_state.py. */
#include <stdlib.h>

#include <stdio.h>

#include "state_samples.h"

int main(void)
{
	char *text = sample_state();
	int failed = fputs(text, stdout) == EOF || fflush(stdout) == EOF;

	free(text);
	return failed ? 1 : 0;
}
