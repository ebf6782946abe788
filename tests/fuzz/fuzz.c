// SPDX-License-Identifier: GPL-2.0
/* What the fuzzers of the tool have in common. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "util.h"

/**
 * fuzz_file - a file with these bytes
 * @data: the bytes
 * @size: how many
 *
 * Return: its path, for fuzz_file_end().
 */
char *fuzz_file(const void *data, size_t size)
{
	int fd = memfd_create("input", 0);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	return xasprintf("/proc/self/fd/%d", fd);
}

/**
 * fuzz_file_end - the file is not needed any more
 * @path: from fuzz_file()
 */
void fuzz_file_end(char *path)
{
	close(atoi(strrchr(path, '/') + 1));
	free(path);
}
