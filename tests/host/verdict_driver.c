// SPDX-License-Identifier: GPL-2.0
/* Reads records on stdin, prints the verdict of each: for test_verdict. */
#include <stdio.h>

#include "shared.h"

int main(void)
{
	struct pksdiag_record r;

	while (fread(&r, sizeof(r), 1, stdin) == 1)
		puts(pksdiag_verdict_name(pksdiag_verdict(&r)));
	return ferror(stdin) || fflush(stdout);
}
