// SPDX-License-Identifier: GPL-2.0
/* Reads records on stdin, prints the judgement of each: for test_verdict. */
#include <stdio.h>

#include "shared.h"

static void print_judgement(const struct pksdiag_judgement *j)
{
	unsigned int i;

	printf("%s %s", pksdiag_verdict_name(j->verdict),
	       pksdiag_confidence_name(j->confidence));
	for (i = 0; i < 64; i++)
		if (j->because >> i & 1)
			printf(" %s", pksdiag_because_name(i));
	putchar('\n');
}

int main(void)
{
	struct pksdiag_judgement j;
	struct pksdiag_record r;

	while (fread(&r, sizeof(r), 1, stdin) == 1) {
		j = pksdiag_judge(&r);
		print_judgement(&j);
	}
	return ferror(stdin) || fflush(stdout);
}
