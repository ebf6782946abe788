// SPDX-License-Identifier: GPL-2.0
/*
 * For test_dump_files: what a library may do when it opens a damaged file.
 * usage: dump_probe_driver well|dies|spins|eats
 * Exits with 0 if the probe says that it ended well.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump_probe.h"
#include "util.h"

#define MIB	1048576ul

static void misbehave(void *arg)
{
	char *what = arg;
	size_t size = *what == 'e' ? 300 * MIB : 100 * MIB;

	if (*what == 'd')
		abort();
	while (*what == 's')
		getppid();
	memset(xmalloc(size), 1, size);
}

int main(int argc, char **argv)
{
	return argc != 2 || !dump_probe("FILE", misbehave, argv[1]);
}
